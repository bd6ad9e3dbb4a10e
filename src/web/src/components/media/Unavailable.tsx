import { CloudOff, EyeOff } from "lucide-react";
import { useState } from "react";
import { useMe } from "@/chat/session";
import type { Attachment } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { request } from "@/lib/http";
import { isKey, useT } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import { untilAnswered } from "@/lib/retry";
import { downloadPath } from "./content-path";
import css from "./Unavailable.module.css";

/** Says that the bytes could not be fetched, why, and asks for them again where one may; or that they are here and can't be shown. */
export function Unavailable({ attachment }: { attachment: Attachment }) {
  const t = useT();
  const { role } = useMe();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const why = `media.why.${attachment.reason_code}`;

  async function retry() {
    setBusy(true);
    setProblem(null);
    try {
      await untilAnswered(() => request("POST", `/api/attachments/${attachment.id}/retry`));
    } catch (error) {
      setProblem(problemText(t, error));
    } finally {
      setBusy(false);
    }
  }

  if (attachment.state === "ready")
    return (
      <span className={css.unavailable}>
        <EyeOff size={18} aria-hidden="true" />
        <span>{t("media.undrawable")}</span>
        <a href={downloadPath(attachment)} download={attachment.file_name ?? ""}>
          {t("media.download")}
        </a>
      </span>
    );
  return (
    <span className={css.unavailable}>
      <CloudOff size={18} aria-hidden="true" />
      <span title={isKey(why) ? undefined : (attachment.reason ?? undefined)}>
        {t("media.unavailable")}
        {isKey(why) && <small>{t(why)}</small>}
      </span>
      {role !== "viewer" && (
        <Button look="link" disabled={busy} onClick={retry}>
          {t("media.retry")}
        </Button>
      )}
      {problem && <span role="alert">{problem}</span>}
    </span>
  );
}
