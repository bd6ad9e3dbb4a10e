import type { Attachment } from "@/chat/types";

/** What the server takes as such; any other file is a document. */
const KINDS: Record<string, Attachment["kind"]> = {
  "image/jpeg": "image",
  "image/png": "image",
  "image/webp": "image",
  "image/gif": "image",
  "video/mp4": "video",
  "video/3gpp": "video",
  "video/quicktime": "video",
  "audio/mpeg": "audio",
  "audio/mp4": "audio",
  "audio/aac": "audio",
  "audio/amr": "audio",
  "audio/ogg": "audio",
};

export const SEEN_TYPES = Object.keys(KINDS)
  .filter((type) => KINDS[type] !== "audio")
  .join(",");

export const kindOf = (type: string): Attachment["kind"] =>
  KINDS[type.split(";")[0]!.trim().toLowerCase()] ?? "document";

export const takesCaption = (kind: Attachment["kind"]) =>
  kind === "image" || kind === "video" || kind === "document";
