import {
  ArrowDownToLine,
  File,
  FileArchive,
  FileChartColumn,
  FileCode,
  FileImage,
  FileMusic,
  FileSpreadsheet,
  FileText,
  type LucideIcon,
} from "lucide-react";
import type { Attachment } from "@/chat/types";
import { useLanguage, useT } from "@/lib/i18n";
import { formatOf, sizeOf } from "@/lib/media-words";
import { downloadPath } from "./content-path";
import { Unavailable } from "./Unavailable";
import css from "./DocumentCard.module.css";

const ICONS: [RegExp, LucideIcon, string][] = [
  [/^(PDF)$/, FileText, "red"],
  [/^(XLSX?|CSV|ODS)$/, FileSpreadsheet, "green"],
  [/^(DOCX?|ODT|RTF|TXT)$/, FileText, "blue"],
  [/^(PPTX?|ODP)$/, FileChartColumn, "amber"],
  [/^(ZIP|RAR|7Z|GZ|TAR)$/, FileArchive, "amber"],
  [/^(JPE?G|PNG|WEBP|HEIC|SVG|GIF)$/, FileImage, "blue"],
  [/^(MPEG|MP3|M4A|AAC|OGG|OPUS|WAV|AMR)$/, FileMusic, "blue"],
  [/^(XML|JSON|HTML)$/, FileCode, "blue"],
];

/** What kind of file it is, its name and size; a click downloads it. */
export function DocumentCard({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const language = useLanguage();
  const { state, mime_type, size_bytes } = attachment;
  const format = formatOf(mime_type, attachment.file_name);
  const unnamed = attachment.kind === "audio" ? "kind.audio" : "media.unnamed";
  const name = attachment.file_name ?? t(unnamed);
  const [, Icon, tone] = ICONS.find(([pattern]) => pattern.test(format)) ?? [null, File, "plain"];
  const facts = [format, size_bytes ? sizeOf(language, size_bytes) : ""].filter(Boolean);
  const face = (
    <>
      <span className={css.icon} data-tone={tone}>
        <Icon size={21} aria-hidden="true" />
      </span>
      <span className={css.words}>
        <b dir="auto">{name}</b>
        {state === "unavailable" ? (
          <Unavailable attachment={attachment} />
        ) : (
          <small>{facts.join(" · ")}</small>
        )}
      </span>
    </>
  );
  if (state !== "ready")
    return (
      <div className={css.card} data-state={state}>
        {face}
      </div>
    );
  return (
    <a
      className={css.card}
      href={downloadPath(attachment)}
      download={attachment.file_name ?? ""}
      aria-label={t("media.downloadNamed", { name })}
    >
      {face}
      <ArrowDownToLine size={18} aria-hidden="true" className={css.arrow} />
    </a>
  );
}
