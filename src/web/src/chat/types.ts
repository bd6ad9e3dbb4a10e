/** The shapes that the server's JSON has; see docs/flow.md for the message states. */
export type MessageStatus =
  | "received"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "played"
  | "failed"
  | "unknown";

export interface Failure {
  code: string;
  /** The gateway's own words. */
  text: string | null;
}

export interface Sender {
  kind: "contact" | "user" | "phone";
  id: string | null;
  name: string | null;
}

export type MessageType =
  | "text"
  | "image"
  | "video"
  | "audio"
  | "voice"
  | "document"
  | "sticker"
  | "location"
  | "live_location"
  | "contacts"
  | "poll"
  | "template"
  | "interactive"
  | "choice"
  | "call"
  | "system"
  | "unsupported";

/** What a message answers, as the quote said it; without message_id it is unknown here. */
export interface Quote {
  wa_id: string;
  message_id: string | null;
  type: MessageType;
  text: string | null;
  sender: Sender | null;
  mentions: Mention[];
}

/** In the text stands the user part of the jid after an @. */
export interface Mention {
  jid: string;
  contact_id: string | null;
  name: string | null;
}

export interface Reaction {
  emoji: string;
  by: Sender;
  at: string;
}

export interface Attachment {
  id: string;
  kind: "image" | "video" | "audio" | "voice" | "document" | "sticker";
  mime_type: string;
  file_name: string | null;
  size_bytes: number | null;
  state: "pending" | "ready" | "unavailable";
  /** Why it is unavailable; see the words of `media.why`. */
  reason_code: string | null;
  /** The server's own words, all that there is of what was lost before it had one for it. */
  reason?: string | null;
  width: number | null;
  height: number | null;
  duration_seconds: number | null;
  /** 64 heights from 0 to 100. */
  waveform: number[] | null;
}

export interface AdSource {
  title: string | null;
  body: string | null;
  source_url: string | null;
  source_id: string | null;
}

export type Forwarded = "once" | "often";

export interface Place {
  latitude: number;
  longitude: number;
  name: string | null;
  address: string | null;
}

/** By type; see src/FlowChat/Messages/Content. */
export interface Contents {
  location: Place;
  live_location: Place;
  contacts: {
    contacts: {
      name: string;
      phones: string[];
      organization: string | null;
      email: string | null;
    }[];
  };
  poll: {
    question: string;
    options: string[];
    selectable_count: number;
    votes: { options: string[]; by: Sender; at: string }[];
  };
  template: {
    name: string;
    language: string;
    header: string | null;
    footer: string | null;
    buttons: string[];
    /** What its blanks were filled in with. */
    values: { key: string; text: string }[];
    /** image, video or document: the attachment is its header; location: the place. */
    header_type?: string | null;
    place?: Place | null;
  };
  interactive: {
    title: string | null;
    footer: string | null;
    options: { id: string | null; title: string; description: string | null }[];
  };
  choice: {
    id: string | null;
    title: string;
    description: string | null;
    /** What was filled in of a form that it ends. */
    answers?: { name: string; value: string }[];
  };
  call: { is_video: boolean; outcome: "ringing" | "missed" | "rejected" | "accepted" | "ended" };
  system: {
    event: string;
    actor: GroupMember | null;
    members: GroupMember[];
    text: string | null;
  };
  unsupported: { kind: string };
  text: { ad?: AdSource; forwarded?: Forwarded };
}

export interface GroupMember {
  contact_id: string | null;
  name: string | null;
  phone: string | null;
}

/** What the team has done to a message and WhatsApp doesn't have yet, or refused. */
export interface MessageChange {
  id: string;
  kind: "reaction" | "edit" | "delete";
  text: string | null;
  state: "queued" | "failed";
  by: Sender;
  error: Failure | null;
}

export interface Message {
  id: string;
  conversation_id: string;
  wa_id: string | null;
  client_message_id: string | null;
  direction: "in" | "out";
  type: MessageType;
  /** The text, or a medium's caption. */
  text: string | null;
  content: object | null;
  status: MessageStatus;
  error: Failure | null;
  sent_at: string;
  arrival: number;
  sender: Sender | null;
  reply_to: Quote | null;
  mentions: Mention[];
  reactions: Reaction[];
  attachments: Attachment[];
  /** What it said until then. */
  edits: { text: string | null; at: string }[];
  edited_at: string | null;
  deleted_at: string | null;
  change: MessageChange | null;
  version: number;
}

export type ConversationStatus = "open" | "snoozed" | "resolved";

export interface Contact {
  id: string;
  name: string | null;
  /** Null where WhatsApp hides it. */
  phone: string | null;
  /** Its address here: another one for another picture. */
  picture: string | null;
  version: number;
}

export interface ConversationGroup {
  id: string;
  jid: string;
  name: string | null;
  picture: string | null;
  /** Grows with each change, also of who is in it. */
  version: number;
}

export interface Conversation {
  id: string;
  instance_id: string;
  kind: "direct" | "group";
  contact: Contact | null;
  group: ConversationGroup | null;
  status: ConversationStatus;
  assignee: { id: string } | null;
  unread_count: number;
  last_message: Message | null;
  last_activity_at: string;
  created_at: string;
  version: number;
  /** From then on only templates go out, until the other side writes again; null where there is no such end. */
  window_closes_at?: string | null;
}

/** The files that a number takes as one kind of message. */
export interface FileLimit {
  mime_types: string[];
  max_bytes: number;
  /** Of a sticker that moves. */
  max_bytes_animated?: number | null;
}

export interface Instance {
  id: string;
  name: string;
  gateway: "evolution" | "cloud" | "sandbox";
  base_url: string | null;
  instance_name: string | null;
  state: "open" | "connecting" | "close" | "refused" | "unreachable" | "unknown";
  /** The gateway's own words. */
  state_reason: string | null;
  /** What is wrong, and what needs a person by now; see the words of `instances.cause`. */
  state_code: string | null;
  alarm: { code: string; since: string } | null;
  phone: string | null;
  qr_at: string | null;
  version: number;
  created_at: string;
  deleted_at?: string | null;
  /** What its gateway can send (message types) and do: reply, mention, react, edit, delete, typing. */
  abilities: string[];
  /** The most characters of a text. */
  text_limit: number;
  /** By kind of message; null where it takes whatever FlowChat takes. */
  file_limits?: Partial<Record<string, FileLimit>> | null;
}

/** One of GET /api/instances/{id}/templates: a text that the gateway takes at any time. */
export interface Template {
  name: string;
  language: string;
  category: string;
  header: string | null;
  /** With its blanks as {{1}} or {{name}}. */
  body: string;
  footer: string | null;
  buttons: string[];
  /** Its blanks: header.1, body.name, button.0. */
  parameters: { key: string; example: string | null }[];
  /** image, video, document or location: what its header is; null where it is a line or nothing. */
  needs: string | null;
  /** False: it has a part that can't be filled in here. */
  can_be_sent: boolean;
}

export type Role = "owner" | "admin" | "agent" | "viewer";

export interface User {
  id: string;
  name: string;
  role: Role;
  disabled_at: string | null;
  version: number;
}

/** One of GET /api/conversations/{id}/attachments. */
export interface GalleryItem {
  attachment: Attachment;
  message_id: string;
  sent_at: string;
}

/** Of GET /api/groups/{id}. */
export interface GroupDetails {
  id: string;
  jid: string;
  name: string | null;
  description: string | null;
  owner: Contact | null;
  /** The jid is what a mention names. */
  participants: { contact: Contact; admin: boolean; jid: string }[];
}

/** Of GET /api/contacts/{id}. */
export interface ContactDetails {
  id: string;
  name: string | null;
  phones: string[];
  /** All that WhatsApp calls them: the number they wrote from last, then the first known. */
  identities: { kind: "phone" | "lid" | "bsuid"; value: string }[];
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  seq: number;
}

/** Of a thread, around one of its messages. */
export interface AroundPage extends Page<Message> {
  /** Null where the newest are in it. */
  newer_cursor: string | null;
}

export type LiveEvent = { seq: number; at: string } & (
  | {
      type: "message.created" | "message.updated";
      data: { message: Message; conversation: Conversation };
    }
  | { type: "conversation.updated"; data: { conversation: Conversation } }
  | {
      type: "conversation.joined";
      /** Null where only senders of a group were joined. */
      data: { joined_id: string | null; conversation: Conversation };
    }
  | { type: "contact.updated"; data: { contact: Contact } }
  | { type: "instance.updated"; data: { instance: Instance } }
  | { type: "user.updated"; data: { user: User } }
  /** Passes by: its seq is that of the event before it. */
  | {
      type: "contact.typing";
      data: {
        conversation_id: string;
        contact: GroupMember;
        state: "typing" | "recording" | "ended";
      };
    }
  | { type: "reset"; data: object }
  /** The node stops: go on at another, after a random part of this time. */
  | { type: "reconnect"; data: { within_ms: number } }
);

export interface Me {
  user: { id: string; email: string; name: string };
  tenant: { id: string; name: string };
  role: Role;
  csrf_token: string;
  /** The largest file that is taken, in bytes. */
  upload_limit: number;
  seq: number;
}
