import { liveStatus } from "@/chat/live";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import css from "./ConnectionLine.module.css";

export function ConnectionLine() {
  const t = useT();
  const lost = useStore(liveStatus, (status) => status === "reconnecting");
  return (
    <div className={css.place} role="status">
      {lost && <span className={css.line}>{t("connection.lost")}</span>}
    </div>
  );
}
