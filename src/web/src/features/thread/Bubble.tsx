import { Ban, FileQuestionMark } from "lucide-react";
import { Fragment, memo } from "react";
import type { Message } from "@/chat/types";
import { textOf } from "@/chat/naming";
import { toneOf } from "@/components/ui/Avatar";
import { Ticks } from "@/components/ui/Ticks";
import { dayOf, timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { useToday } from "@/lib/today";
import { Delivery, hasTrouble } from "./Delivery";
import type { Entry } from "./entries";
import css from "./Bubble.module.css";

interface BubbleProps {
  entry: Entry;
  group: boolean;
  /** Its number can't send now. */
  parked: boolean;
}

export const Bubble = memo(function Bubble({ entry, group, parked }: BubbleProps) {
  const t = useT();
  const language = useLanguage();
  const today = useToday();
  const { message, at } = entry;
  const plain = message.type === "text" && !message.deleted_at;
  return (
    <div
      className={css.entry}
      role="listitem"
      data-direction={message.direction}
      data-first={entry.first || undefined}
      data-last={entry.last || undefined}
      data-message-id={message.id}
      data-status={message.status}
    >
      {entry.startsDay && <div className={css.day}>{dayOf(language, at, today)}</div>}
      <div className={css.bubble}>
        {group && entry.first && message.direction === "in" && <Speaker message={message} />}
        {entry.first && message.sender?.kind === "phone" && (
          <div className={css.origin}>{t("thread.fromPhone")}</div>
        )}
        {plain ? (
          <span className={css.text}>
            <Linked text={message.text ?? ""} />
          </span>
        ) : (
          <Placeholder message={message} />
        )}
        <span className={css.meta}>
          {message.edited_at && <span>{t("message.edited")}</span>}
          <time dateTime={message.sent_at}>{timeOf(language, at)}</time>
          {message.direction === "out" && !hasTrouble(message) && <Ticks status={message.status} />}
        </span>
      </div>
      <Delivery entry={entry} parked={parked} />
    </div>
  );
});

/** Stands where the words would be. */
function Placeholder({ message }: { message: Message }) {
  const t = useT();
  const Icon = message.deleted_at ? Ban : FileQuestionMark;
  return (
    <span className={css.placeholder}>
      <Icon size={16} aria-hidden="true" />
      {textOf(t, message)}
      {!message.deleted_at && <small>{t("message.unsupportedHint")}</small>}
    </span>
  );
}

function Speaker({ message }: { message: Message }) {
  const t = useT();
  const { sender } = message;
  return (
    <div className={css.speaker} data-tone={toneOf(sender?.id ?? "")}>
      {sender?.name ?? t("thread.nameless")}
    </div>
  );
}

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'])/;

function Linked({ text }: { text: string }) {
  return text.split(LINK).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
