import { X } from "lucide-react";
import { discard } from "@/chat/outbox";
import type { Unsent } from "@/chat/unsent";
import { progress } from "@/chat/uploads";
import { useStore } from "@/lib/external-store";
import { useLanguage, useT } from "@/lib/i18n";
import css from "./UploadProgress.module.css";

/** How far a file is on its way to the server; it can still be taken back. */
export function UploadProgress({ unsent }: { unsent: Unsent }) {
  const t = useT();
  const language = useLanguage();
  const share = useStore(progress, (held) => held.get(unsent.client_message_id) ?? null);
  if (unsent.error || unsent.uploaded_id) return null;
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(share ?? 0);
  const { kind } = unsent.attachment!;
  return (
    <div className={css.upload} data-over={kind === "image" || kind === "video" || undefined}>
      <progress aria-label={t("upload.label")} max={1} value={share ?? 0} />
      <span>{share === null ? t("upload.waiting") : percent}</span>
      <button
        type="button"
        aria-label={t("upload.cancel")}
        title={t("upload.cancel")}
        onClick={() => discard(unsent.client_message_id)}
      >
        <X size={15} aria-hidden="true" />
      </button>
    </div>
  );
}
