import { FileText, Headphones, Mic, X } from "lucide-react";
import { useLanguage, useT } from "@/lib/i18n";
import { clockOf, formatOf, sizeOf } from "@/lib/media-words";
import type { Staged } from "./staged";
import css from "./StagedStrip.module.css";

interface StagedStripProps {
  files: readonly Staged[];
  selectedId: string;
  onSelect: (id: string) => void;
  onRemove: (id: string) => void;
}

/** What will be sent, each as a message of its own; the field below has the chosen one's caption. */
export function StagedStrip({ files, selectedId, onSelect, onRemove }: StagedStripProps) {
  const t = useT();
  return (
    <ul className={css.strip} aria-label={t("staged.label", { count: files.length })}>
      {files.map((one) => {
        const { id, file_name } = one.attachment;
        const name = file_name ?? t(`kind.${one.attachment.kind}`);
        return (
          <li key={id} data-kind={one.attachment.kind}>
            <button
              type="button"
              className={css.tile}
              aria-pressed={id === selectedId}
              aria-label={t("staged.choose", { name })}
              title={name}
              onClick={() => onSelect(id)}
            >
              <Face staged={one} />
              {one.caption && <span className={css.captioned} aria-hidden="true" />}
            </button>
            <button
              type="button"
              className={css.remove}
              aria-label={t("staged.remove", { name })}
              title={t("staged.remove", { name })}
              onClick={() => onRemove(id)}
            >
              <X size={13} aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Face({ staged: { attachment, address } }: { staged: Staged }) {
  const language = useLanguage();
  const { kind, duration_seconds: seconds, size_bytes, file_name, mime_type, width } = attachment;
  if ((kind === "image" || kind === "sticker") && width) return <img src={address} alt="" />;
  if (kind === "video" && width)
    return (
      <>
        <video src={`${address}#t=0.05`} muted preload="metadata" tabIndex={-1} />
        {seconds && <small className={css.clock}>{clockOf(seconds)}</small>}
      </>
    );
  const Icon = kind === "voice" ? Mic : kind === "audio" ? Headphones : FileText;
  const format = formatOf(mime_type, file_name);
  return (
    <span className={css.card}>
      <Icon size={20} aria-hidden="true" />
      <span>
        <b dir="auto">{file_name}</b>
        <small>
          {seconds ? clockOf(seconds) : `${format} · ${sizeOf(language, size_bytes ?? 0)}`}
        </small>
      </span>
    </span>
  );
}
