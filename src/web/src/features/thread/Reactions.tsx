import { Clock } from "lucide-react";
import { changeMessage, isOurs, type ShownReaction } from "@/chat/message-changes";
import type { Message } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { Popover, useOpener } from "@/components/ui/Popover";
import { useT } from "@/lib/i18n";
import { refusalOf } from "./message-actions";
import { useScene, useSenderName } from "./thread-context";
import css from "./Reactions.module.css";

interface ReactionsProps {
  message: Message;
  reactions: readonly ShownReaction[];
}

/** One chip with what people felt; who, one sees by opening it. */
export function Reactions({ message, reactions }: ReactionsProps) {
  const t = useT();
  const { anchor, close, button } = useOpener();
  const kinds = [...new Set(reactions.map((reaction) => reaction.emoji))];
  const pending = reactions.some((reaction) => reaction.pending);
  const label = t("reactions.label", { emoji: kinds.join(" "), count: reactions.length });
  return (
    <>
      <button type="button" className={css.chip} aria-label={label} {...button}>
        <span>{kinds.slice(0, 4).join("")}</span>
        {reactions.length > 1 && <span className={css.count}>{reactions.length}</span>}
        {pending && <Clock size={11} aria-label={t("message.reactionPending")} />}
      </button>
      {anchor && (
        <Popover anchor={anchor} label={t("reactions.title")} onClose={close}>
          <ul className={css.people}>
            {reactions.map((reaction, index) => (
              <Person key={index} message={message} reaction={reaction} onDone={close} />
            ))}
          </ul>
        </Popover>
      )}
    </>
  );
}

interface PersonProps {
  message: Message;
  reaction: ShownReaction;
  onDone: () => void;
}

function Person({ message, reaction: { emoji, by }, onDone }: PersonProps) {
  const t = useT();
  const { instance, canWrite } = useScene();
  const name = useSenderName(by);
  const removable =
    isOurs(by) && refusalOf("react", message, { instance, canWrite, now: 0 }) === null;
  return (
    <li>
      <span className={css.emoji}>{emoji}</span>
      <span dir="auto">{name ?? t("thread.you")}</span>
      {removable && (
        <Button
          look="link"
          onClick={() => {
            changeMessage(message.id, "reaction", "");
            onDone();
          }}
        >
          {t("reactions.remove")}
        </Button>
      )}
    </li>
  );
}
