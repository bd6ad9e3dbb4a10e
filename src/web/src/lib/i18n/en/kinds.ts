import type { Words } from "../catalogue";
import type { kinds as ptBR } from "../pt-BR/kinds";

export const kinds: Words<typeof ptBR> = {
  "kind.image": "Photo",
  "kind.video": "Video",
  "kind.audio": "Audio",
  "kind.audioTime": "Audio {time}",
  "kind.voice": "Voice message",
  "kind.voiceTime": "Voice message {time}",
  "kind.document": "Document",
  "kind.sticker": "Sticker",
  "kind.location": "Location",
  "kind.live_location": "Live location",
  "kind.named": "{kind}: {name}",
  "kind.contacts": { one: "Contact: {name}", other: "Contacts" },
  "kind.poll": "Poll: {question}",
  "kind.pollAlone": "Poll",
  "kind.interactive": "Message with options",
  "kind.captioned": "{kind}: {text}",

  "call.voice.ringing": "Incoming voice call",
  "call.voice.missed": "Missed voice call",
  "call.voice.rejected": "Declined voice call",
  "call.voice.accepted": "Answered voice call",
  "call.voice.ended": "Voice call",
  "call.video.ringing": "Incoming video call",
  "call.video.missed": "Missed video call",
  "call.video.rejected": "Declined video call",
  "call.video.accepted": "Answered video call",
  "call.video.ended": "Video call",

  "system.created": "The group was created",
  "system.createdBy": "{actor} created the group",
  "system.joined": { one: "{members} joined the group", other: "{members} joined the group" },
  "system.joinedBy": "{actor} added {members}",
  "system.left": { one: "{members} left the group", other: "{members} left the group" },
  "system.leftBy": "{actor} removed {members}",
  "system.removed": {
    one: "{members} is no longer in the group",
    other: "{members} are no longer in the group",
  },
  "system.removedBy": "{actor} removed {members}",
  "system.promoted": { one: "{members} is now an admin", other: "{members} are now admins" },
  "system.promotedBy": {
    one: "{actor} made {members} an admin",
    other: "{actor} made {members} admins",
  },
  "system.demoted": {
    one: "{members} is no longer an admin",
    other: "{members} are no longer admins",
  },
  "system.demotedBy": {
    one: "{actor} dismissed {members} as admin",
    other: "{actor} dismissed {members} as admins",
  },
  "system.renamed": "The group is now called “{text}”",
  "system.renamedBy": "{actor} renamed the group to “{text}”",
  "system.described": "The group’s description changed",
  "system.describedBy": "{actor} changed the group’s description",
  "system.picture": "The group’s picture changed",
  "system.pictureBy": "{actor} changed the group’s picture",
  "system.settings": "The group’s settings changed",
  "system.settingsBy": "{actor} changed the group’s settings",
  "system.other": "The group changed",

  "choice.label": "Chose",

  "forwarded.once": "Forwarded",
  "forwarded.often": "Forwarded many times",
  "ad.label": "Came from an ad",
  "ad.open": "See the ad",

  "unsupported.kind": "Type {kind}. See it on the phone.",

  "card.write": "Write",
  "card.copy": "Copy number",
  "card.copied": "Copied",

  "place.open": "Open on a map",
  "place.live": "Shared live",

  "poll.one": "Choose one option",
  "poll.some": "Choose up to {count} options",
  "poll.any": "Choose one or more options",
  "poll.votes": { one: "{count} vote", other: "{count} votes" },
  "poll.ours": "Your team’s choice",
  "poll.who": "See votes",
  "poll.none": "No votes yet",

  "kind.template": "Template",
  "system.number_changed": "This person has a new number: {text}",
  "system.number_changedBy": "This person has a new number: {text}",
};
