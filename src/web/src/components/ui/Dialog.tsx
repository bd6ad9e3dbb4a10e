import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { IconButton } from "./Button";
import css from "./Dialog.module.css";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal: it keeps the focus inside, closes on Esc and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  // Closed while it still stands in the page: later the browser gives no focus back.
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // Until now nothing in it could have the focus, and the first would be the button that closes it.
    element.querySelector<HTMLElement>("input:not([type=radio]), textarea, footer button")?.focus();
    return () => element.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-labelledby={heading}
      onClose={onClose}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
    >
      <div className={css.body}>
        <header>
          <h2 id={heading}>{title}</h2>
          <IconButton label={t("dialog.close")} onClick={onClose}>
            <X size={18} />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}
