import { Ellipsis, Reply } from "lucide-react";
import { replyTo } from "@/chat/compose-target";
import type { Message } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { refusalOf } from "./message-actions";
import { useScene } from "./thread-context";
import css from "./BubbleActions.module.css";

interface BubbleActionsProps {
  message: Message;
  tabStop: boolean;
}

/** Beside a bubble; the menu has the same and more. */
export function BubbleActions({ message, tabStop }: BubbleActionsProps) {
  const t = useT();
  const { openMenu, instance, canWrite } = useScene();
  const replies = refusalOf("reply", message, { instance, canWrite, now: 0 }) === null;
  return (
    <div className={css.actions}>
      {replies && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t("action.reply")}
          title={t("action.reply")}
          onClick={() => replyTo(message)}
        >
          <Reply size={16} aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        tabIndex={tabStop ? 0 : -1}
        data-menu
        aria-haspopup="menu"
        aria-label={t("message.actions")}
        title={t("message.actions")}
        onClick={(event) => openMenu(message, event.currentTarget)}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
