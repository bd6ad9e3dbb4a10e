import type { ReactNode, Ref } from "react";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/lib/i18n";
import css from "./Asking.module.css";

interface AskingFormProps {
  title: string;
  ref?: Ref<HTMLFormElement>;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** What is asked of a thing that is sent besides words. */
export function AskingForm({ title, ref, onSubmit, onClose, children }: AskingFormProps) {
  const t = useT();
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        ref={ref}
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <footer>
          <Button onClick={onClose}>{t("compose.cancel")}</Button>
          <Button look="accent" type="submit">
            {t("composer.send")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
