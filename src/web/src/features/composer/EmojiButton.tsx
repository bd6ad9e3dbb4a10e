import { Smile } from "lucide-react";
import { lazy, Suspense } from "react";
import { IconButton } from "@/components/ui/Button";
import { Popover, useOpener } from "@/components/ui/Popover";
import { useT } from "@/lib/i18n";
import css from "./EmojiButton.module.css";

const EmojiPicker = lazy(() => import("@/components/ui/EmojiPicker"));

/** Stays open: one emoji seldom comes alone. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useT();
  const { anchor, close, button } = useOpener();
  return (
    <>
      <IconButton {...button} label={t("emoji.label")} className={css.opener}>
        <Smile size={19} />
      </IconButton>
      {anchor && (
        <Popover anchor={anchor} label={t("emoji.label")} onClose={close}>
          <Suspense fallback={<div className={css.loading}>{t("emoji.loading")}</div>}>
            <EmojiPicker onPick={onPick} />
          </Suspense>
        </Popover>
      )}
    </>
  );
}
