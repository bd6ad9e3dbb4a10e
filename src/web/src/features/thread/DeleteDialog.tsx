import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/lib/i18n";
import css from "./DeleteDialog.module.css";

/** Deleting for everyone can't be taken back. */
export function DeleteDialog({ onDelete, onClose }: { onDelete: () => void; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t("delete.title")} onClose={onClose}>
      <p className={css.lead}>{t("delete.lead")}</p>
      <footer className={css.choices}>
        <Button onClick={onClose}>{t("delete.cancel")}</Button>
        <Button
          look="danger"
          onClick={() => {
            onDelete();
            onClose();
          }}
        >
          {t("delete.confirm")}
        </Button>
      </footer>
    </Dialog>
  );
}
