import { language, type Translate } from "@/lib/i18n";
import { clockOf } from "@/lib/media-words";
import { plainText } from "@/lib/rich-text";
import { contentOf, placeOf } from "./content";
import { addressOf, nameNow, userOf, type Contacts } from "./naming";
import { systemWords } from "./system-words";
import type { Conversation, Mention, Message, MessageType, Quote } from "./types";

/** The names that stand for the numbers in a text. */
export function mentionNames(
  mentions: readonly Mention[],
  contacts: Contacts,
): ReadonlyMap<string, string> {
  return new Map(mentions.map((one) => [userOf(one.jid), mentionName(one, contacts)]));
}

export const mentionName = ({ jid, contact_id, name }: Mention, contacts: Contacts): string =>
  nameNow(contacts, contact_id) || name || addressOf(jid);

/** Whether its words change with the names of people. */
export const namesPeople = (message: Message | null): boolean =>
  message !== null && (message.mentions.length > 0 || message.type === "system");

/** A message in one line of words. */
export function textOf(t: Translate, message: Message, contacts: Contacts): string {
  if (message.deleted_at) return t("message.deleted");
  const caption = message.text && plainText(message.text, mentionNames(message.mentions, contacts));
  if (message.type === "text") return caption ?? "";
  const kind = kindWords(t, message, contacts);
  const captioned = caption && CAPTIONED.has(message.type);
  return captioned ? t("kind.captioned", { kind, text: caption }) : kind;
}

/** The same beside its type's icon, which says half of it. */
export function shortTextOf(t: Translate, message: Message, contacts: Contacts): string {
  if (message.deleted_at || !message.text || !CAPTIONED.has(message.type))
    return textOf(t, message, contacts);
  return plainText(message.text, mentionNames(message.mentions, contacts));
}

const CAPTIONED: ReadonlySet<MessageType> = new Set([
  "image",
  "video",
  "document",
  "live_location",
]);

function kindWords(t: Translate, message: Message, contacts: Contacts): string {
  const { type, attachments } = message;
  switch (type) {
    case "audio":
    case "voice": {
      const duration = attachments[0]?.duration_seconds;
      return duration ? t(`kind.${type}Time`, { time: clockOf(duration) }) : t(`kind.${type}`);
    }
    case "document":
      return attachments[0]?.file_name ?? t("kind.document");
    case "location":
    case "live_location": {
      const place = placeOf(message);
      const name = place?.name ?? place?.address;
      return name ? t("kind.named", { kind: t(`kind.${type}`), name }) : t(`kind.${type}`);
    }
    case "contacts": {
      const cards = contentOf(message, "contacts")?.contacts ?? [];
      return t("kind.contacts", { count: cards.length, name: cards[0]?.name ?? "" });
    }
    case "poll":
      return t("kind.poll", { question: contentOf(message, "poll")?.question ?? "" });
    case "interactive":
      return message.text ?? contentOf(message, "interactive")?.title ?? t("kind.interactive");
    case "template":
      return message.text ?? contentOf(message, "template")?.name ?? "";
    case "choice":
      return contentOf(message, "choice")?.title ?? message.text ?? "";
    case "call": {
      const call = contentOf(message, "call");
      return callWords(t, call?.is_video ?? false, call?.outcome ?? "ended");
    }
    case "system":
      return systemWords(language.get(), contentOf(message, "system"), contacts);
    case "text":
      return message.text ?? "";
    default:
      return t(type === "unsupported" ? "message.unsupported" : `kind.${type}`);
  }
}

const OUTCOMES = ["ringing", "missed", "rejected", "accepted", "ended"] as const;

export function callWords(t: Translate, isVideo: boolean, outcome: string): string {
  const known = OUTCOMES.find((one) => one === outcome) ?? "ended";
  return t(`call.${isVideo ? "video" : "voice"}.${known}`);
}

/** What a quote says of the message that it answers. */
export function quoteWords(t: Translate, quote: Quote, contacts: Contacts): string {
  if (quote.text) return plainText(quote.text, mentionNames(quote.mentions, contacts));
  switch (quote.type) {
    case "text":
      return t("quote.unknown");
    case "contacts":
      return t("kind.contacts", { count: 2, name: "" });
    case "poll":
      return t("kind.pollAlone");
    case "system":
    case "unsupported":
      return t("message.unsupported");
    case "choice":
      return t("kind.interactive");
    case "template":
      return t("kind.template");
    case "call":
      return callWords(t, false, "ended");
    default:
      return t(`kind.${quote.type}`);
  }
}

export interface Preview {
  /** Whose icon stands before the words; null for plain text. */
  icon: MessageType | "deleted" | null;
  text: string;
}

/** A message in a row of the list, beside its icon. */
export function previewOf(
  t: Translate,
  message: Message,
  kind: Conversation["kind"],
  myId: string,
  contacts: Contacts,
): Preview {
  const icon = message.deleted_at ? "deleted" : message.type === "text" ? null : message.type;
  return { icon, text: spoken(t, message, kind, shortTextOf(t, message, contacts), myId) };
}

/** A message in one line of words alone; in a group it begins with who speaks. */
export const lineOf = (
  t: Translate,
  message: Message,
  kind: Conversation["kind"],
  contacts: Contacts,
) => spoken(t, message, kind, textOf(t, message, contacts), null);

function spoken(
  t: Translate,
  message: Message,
  kind: Conversation["kind"],
  text: string,
  myId: string | null,
): string {
  const name = kind === "group" ? speakerOf(t, message, myId) : null;
  return name ? t("list.groupPreview", { name, text }) : text;
}

function speakerOf(t: Translate, message: Message, myId: string | null): string | null {
  const { sender, type } = message;
  if (!sender || type === "system" || type === "call") return null;
  if (sender.kind === "phone" || (sender.kind === "user" && sender.id === myId))
    return t("thread.you");
  return sender.name?.split(" ")[0] ?? null;
}
