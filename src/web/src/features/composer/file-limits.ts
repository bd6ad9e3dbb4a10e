import type { Attachment, FileLimit, Instance } from "@/chat/types";
import { kindOf } from "@/components/media/file-kind";
import type { Language, Translate } from "@/lib/i18n";
import { formatOf, sizeOf } from "@/lib/media-words";
import { refusalOf } from "./abilities";

type Kind = Attachment["kind"];

/** What keeps a file from being sent by this number. */
export type FileFault =
  | { why: "staged.notHere"; format: string }
  | { why: "staged.tooLargeHere"; name: string; mostBytes: number };

const OFFICE: Record<string, string> = {
  msword: "DOC",
  plain: "TXT",
  mpeg: "MP3",
  "vnd.ms-excel": "XLS",
  "vnd.ms-powerpoint": "PPT",
  "vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
  "vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
  "vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
};

export const limitOf = (instance: Instance | undefined, kind: string): FileLimit | null =>
  instance?.file_limits?.[kind] ?? null;

/** JPEG, PNG, DOCX: as people call what it takes. */
export const formatsOf = ({ mime_types }: FileLimit) =>
  mime_types.map((type) => OFFICE[type.split("/")[1]!] ?? formatOf(type, null)).join(", ");

/** What the number takes of these kinds, as a line; null where that is anything. */
export function limitsLine(
  t: Translate,
  language: Language,
  instance: Instance | undefined,
  kinds: readonly Kind[],
  mostBytes: number,
): string | null {
  const limits = kinds.map((kind) => limitOf(instance, kind)).filter((limit) => limit !== null);
  const line = limits.map((limit) => {
    const size = sizeOf(language, Math.min(limit.max_bytes, mostBytes));
    return t("attach.upTo", { formats: formatsOf(limit), size });
  });
  return line.length > 0 ? line.join(" · ") : null;
}

/** For a file chooser. */
export function acceptOf(instance: Instance | undefined, kinds: readonly Kind[]) {
  const types = kinds.flatMap((kind) => limitOf(instance, kind)?.mime_types ?? []);
  return types.length > 0 ? types.join(",") : undefined;
}

const takes = (limit: FileLimit | null, { type }: File) =>
  !limit || limit.mime_types.includes(type.split(";")[0]!.trim().toLowerCase());

/** What the number can't send as such goes as a document. */
export function kindFor(instance: Instance | undefined, file: File): Kind {
  const kind = kindOf(file.type);
  return refusalOf(instance, kind) === null && takes(limitOf(instance, kind), file)
    ? kind
    : "document";
}

export function faultOf(
  instance: Instance | undefined,
  file: File,
  kind: Kind,
  moves = false,
): FileFault | null {
  const limit = limitOf(instance, kind);
  if (!limit) return null;
  if (!takes(limit, file)) return { why: "staged.notHere", format: formatOf(file.type, file.name) };
  const mostBytes = (moves ? limit.max_bytes_animated : null) ?? limit.max_bytes;
  return file.size > mostBytes ? { why: "staged.tooLargeHere", name: file.name, mostBytes } : null;
}

export const faultWords = (t: Translate, language: Language, fault: FileFault): string =>
  fault.why === "staged.notHere"
    ? t(fault.why, { format: fault.format })
    : t(fault.why, { name: fault.name, size: sizeOf(language, fault.mostBytes) });
