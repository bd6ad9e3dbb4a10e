import { ArrowDownToLine } from "lucide-react";
import { useT } from "@/lib/i18n";
import css from "./DropZone.module.css";

/** Over the whole thread, while files are held above it. */
export function DropZone({ name }: { name: string }) {
  const t = useT();
  return (
    <div className={css.zone} aria-hidden="true">
      <p>
        <span>
          <ArrowDownToLine size={22} />
        </span>
        <b>{t("drop.title", { name })}</b>
        <small>{t("drop.hint")}</small>
      </p>
    </div>
  );
}
