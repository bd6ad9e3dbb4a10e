import { Clock } from "lucide-react";
import type { Message } from "@/chat/types";
import { Popover, useOpener } from "@/components/ui/Popover";
import { timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { RichText } from "./RichText";
import css from "./EditedMark.module.css";

/** Says that a text was changed, and shows what it said before. */
export function EditedMark({ message, pending }: { message: Message; pending: boolean }) {
  const t = useT();
  const language = useLanguage();
  const { anchor, close, button } = useOpener();
  if (pending)
    return (
      <span className={css.pending}>
        <Clock size={11} aria-hidden="true" />
        {t("message.edited")}
        <span className="visually-hidden">{t("message.editing")}</span>
      </span>
    );
  if (message.edits.length === 0) return <span>{t("message.edited")}</span>;
  return (
    <>
      <button type="button" className={css.mark} title={t("message.editedOpen")} {...button}>
        {t("message.edited")}
      </button>
      {anchor && (
        <Popover anchor={anchor} label={t("message.history")} onClose={close}>
          <div className={css.history}>
            <h3>{t("message.history")}</h3>
            <ol>
              {message.edits.toReversed().map((edit) => (
                <li key={edit.at}>
                  <time dateTime={edit.at}>{timeOf(language, new Date(edit.at))}</time>
                  <RichText text={edit.text ?? ""} mentions={message.mentions} />
                </li>
              ))}
            </ol>
          </div>
        </Popover>
      )}
    </>
  );
}
