import type { Attachment, Contents, Failure, Mention, MessageType, Quote } from "./types";

/** What an agent wants to send: a text, or one thing besides. */
export interface Outgoing {
  /** The text, or a medium's caption. */
  text: string;
  mentions?: Mention[];
  /** Whether its first link is shown with a picture and a title. */
  link_preview?: true;
  /** Text, where nothing else is said. */
  type?: MessageType;
  content?: Contents["location" | "contacts" | "poll" | "template"];
  /** As its bubble shows it; its id is this page's own until the server has it. */
  attachment?: Attachment;
}

/** A message that the server has not acknowledged yet. */
export interface Unsent extends Outgoing {
  client_message_id: string;
  conversation_id: string;
  user_id: string;
  /** What it answers. */
  reply_to?: Quote;
  /** The server's id of its attachment, once it has been uploaded. */
  uploaded_id?: string;
  created_at: string;
  /** The server may have it: a request has left with it. */
  has_left?: true;
  /** Why the server refused it; null while it is being sent. */
  error: Failure | null;
}

/** The conversations in which the server refused some of them: those that they are part of by now. */
export const refusedIn = (
  entries: readonly Unsent[],
  joined: ReadonlyMap<string, string>,
): ReadonlySet<string> =>
  new Set(
    entries.filter(({ error }) => error).map(({ conversation_id: id }) => joined.get(id) ?? id),
  );

/** Of POST /api/conversations/{id}/messages. */
export function requestOf(entry: Unsent): object {
  const { client_message_id, text, reply_to, link_preview, mentions = [] } = entry;
  return {
    client_message_id,
    ...partOf(entry),
    // What a template says follows from its blanks.
    ...(text && entry.type !== "template" ? { text } : {}),
    ...(link_preview ? { link_preview } : {}),
    ...(reply_to ? { reply_to: reply_to.message_id } : {}),
    ...(mentions.length > 0 ? { mentions: mentions.map(({ jid }) => jid) } : {}),
  };
}

function partOf({ type = "text", content, attachment, uploaded_id }: Unsent): object {
  const file = attachment && { attachment_ids: [uploaded_id] };
  switch (file && type !== "template" ? "file" : type) {
    case "file":
      return file!;
    case "location":
      return { location: content };
    case "contacts":
      return { contacts: (content as Contents["contacts"]).contacts };
    case "poll": {
      const { question, options, selectable_count } = content as Contents["poll"];
      return { poll: { question, options, selectable_count } };
    }
    case "template": {
      const template = content as Contents["template"];
      // Its header may be a file, or a place.
      const place = template.place && { location: template.place };
      return { template: templateOf(template), ...file, ...place };
    }
    default:
      return { type };
  }
}

const templateOf = ({ name, language, values }: Contents["template"]) => ({
  name,
  language,
  parameters: Object.fromEntries(values.map(({ key, text }) => [key, text])),
});

/** Of POST /api/attachments; what the file's own type says needs no word. */
export function formOf(attachment: Attachment, file: File): FormData {
  const { kind, duration_seconds, waveform } = attachment;
  const form = new FormData();
  if (kind === "voice" || kind === "sticker" || kind === "document") form.append("kind", kind);
  if (duration_seconds) form.append("duration_seconds", String(duration_seconds));
  if (waveform) form.append("waveform", JSON.stringify(waveform));
  form.append("file", file, attachment.file_name ?? file.name);
  return form;
}
