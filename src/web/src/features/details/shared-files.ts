import type { GalleryItem, Message } from "@/chat/types";
import { richText, type Rich } from "@/lib/rich-text";

export type GalleryKind = "media" | "documents" | "links";

export interface LinkItem {
  href: string;
  message_id: string;
  sent_at: string;
}

/** What the loaded part of a thread has, newest first. */
export function filesOf(messages: readonly Message[], kind: "media" | "documents"): GalleryItem[] {
  return messages
    .filter(({ deleted_at, type }) =>
      deleted_at
        ? false
        : kind === "media"
          ? type === "image" || type === "video"
          : type === "document" || type === "audio",
    )
    .flatMap(({ id, sent_at, attachments }) =>
      attachments.map((attachment) => ({ attachment, message_id: id, sent_at })),
    )
    .toReversed();
}

export function linksOf(messages: readonly Message[]): LinkItem[] {
  const found = new Map<string, LinkItem>();
  for (const { id, sent_at, text, deleted_at } of messages) {
    if (deleted_at || !text?.includes("://")) continue;
    for (const href of hrefsOf(richText(text))) {
      // Sent again, it stands where it was last.
      found.delete(href);
      found.set(href, { href, message_id: id, sent_at });
    }
  }
  return [...found.values()].toReversed();
}

const hrefsOf = (parts: readonly Rich[]): string[] =>
  parts.flatMap((part) =>
    part.kind === "link" ? [part.href] : "parts" in part ? hrefsOf(part.parts) : [],
  );

/** What the loaded part of a thread has, and what the server lists: each once, newest first, without what was deleted since. */
export function joinFiles(
  messages: readonly Message[],
  kind: "media" | "documents",
  listed: readonly GalleryItem[],
  deleted: ReadonlySet<string>,
): GalleryItem[] {
  const gone = new Set(messages.filter(({ deleted_at }) => deleted_at).map(({ id }) => id));
  // WhatsApp tells seconds: within one, what the thread holds is the newer.
  const all = new Map<string, GalleryItem>();
  for (const item of [...filesOf(messages, kind), ...listed]) {
    if (!all.has(item.attachment.id)) all.set(item.attachment.id, item);
  }
  return [...all.values()]
    .filter(({ message_id }) => !gone.has(message_id) && !deleted.has(message_id))
    .toSorted((a, b) => Date.parse(b.sent_at) - Date.parse(a.sent_at));
}
