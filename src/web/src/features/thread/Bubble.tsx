import { Ban, Forward } from "lucide-react";
import { memo, useState } from "react";
import { adOf, forwardedOf } from "@/chat/content";
import { useChat } from "@/chat/chat-store";
import { currentChange, shownReactions, type AskedChange } from "@/chat/message-changes";
import type { Message } from "@/chat/types";
import { Avatar, toneOf } from "@/components/ui/Avatar";
import { pictureSize } from "@/components/media/picture-size";
import { dayOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { useToday } from "@/lib/today";
import { AdLine } from "./AdLine";
import { Body } from "./Body";
import { BubbleActions } from "./BubbleActions";
import { ChangeLine } from "./ChangeLine";
import { Delivery } from "./Delivery";
import { standsAlone, type Entry } from "./entries";
import { hasActions } from "./message-actions";
import { hasTimeUpon, Meta } from "./Meta";
import { QuoteBlock } from "./QuoteBlock";
import { Reactions } from "./Reactions";
import { ThreadLine } from "./ThreadLine";
import { useScene, useSenderName } from "./thread-context";
import { UploadProgress } from "./UploadProgress";
import css from "./Bubble.module.css";

interface BubbleProps {
  entry: Entry;
  /** What was asked of it here and isn't done yet. */
  asked: AskedChange | undefined;
  /** The one message that Tab reaches: the arrows go on from there. */
  tabStop: boolean;
  /** It was looked for, and found. */
  pointedAt: boolean;
}

export const Bubble = memo(function Bubble({ entry, asked, tabStop, pointedAt }: BubbleProps) {
  const { message, at } = entry;
  const language = useLanguage();
  const today = useToday();
  return (
    <div
      className={css.entry}
      role="listitem"
      data-direction={message.direction}
      data-first={entry.first || undefined}
      data-last={entry.last || undefined}
      data-message-id={message.id}
      data-status={message.status}
      data-type={message.type}
      data-pointed-at={pointedAt || undefined}
    >
      {entry.startsDay && <div className={css.day}>{dayOf(language, at, today)}</div>}
      {standsAlone(message) && !message.deleted_at ? (
        <ThreadLine message={message} at={at} />
      ) : (
        <Said entry={entry} asked={asked} tabStop={tabStop} />
      )}
    </div>
  );
});

function Said({ entry, asked, tabStop }: Omit<BubbleProps, "pointedAt">) {
  const { message } = entry;
  const { group, parked } = useScene();
  // Nobody sees the actions of the others: they are spared the drawing.
  const [near, setNear] = useState(false);
  const change = currentChange(message, asked);
  const reactions = message.deleted_at ? [] : shownReactions(message, change);
  const editing = change?.kind === "edit" && !change.failed;
  const deleting = change?.kind === "delete" && !change.failed;
  const shown = editing ? { ...message, text: change.text } : message;
  const bare = message.type === "sticker" && !message.deleted_at;
  return (
    <>
      <div
        className={css.row}
        data-reacted={reactions.length > 0 || undefined}
        onPointerEnter={() => setNear(true)}
        onFocus={() => setNear(true)}
      >
        {group && message.direction === "in" && <Face entry={entry} />}
        <div
          className={css.bubble}
          data-bubble
          data-bare={bare || undefined}
          data-picture={isPicture(message) ? (hasTimeUpon(message) ? "alone" : "told") : undefined}
          data-fading={deleting || undefined}
          style={widthOf(message)}
        >
          <Speaker entry={entry} />
          {shown.deleted_at ? <Deleted /> : <Content message={shown} />}
          {entry.unsent?.attachment && <UploadProgress unsent={entry.unsent} />}
          <Meta entry={entry} message={shown} editing={editing} deleting={deleting} />
          {reactions.length > 0 && <Reactions message={message} reactions={reactions} />}
        </div>
        {(near || tabStop) && hasActions(message) && !entry.unsent && (
          <BubbleActions message={message} tabStop={tabStop} />
        )}
      </div>
      {change?.failed && <ChangeLine messageId={message.id} change={change} />}
      <Delivery entry={entry} parked={parked} />
    </>
  );
}

function Content({ message }: { message: Message }) {
  const t = useT();
  const ad = adOf(message);
  const forwarded = forwardedOf(message);
  const { reply_to: quote } = message;
  return (
    <>
      {forwarded && (
        <span className={css.forwarded}>
          <Forward size={13} aria-hidden="true" />
          {t(`forwarded.${forwarded}`)}
        </span>
      )}
      {ad && <AdLine ad={ad} />}
      {quote && <QuoteBlock quote={quote} conversationId={message.conversation_id} />}
      <Body message={message} />
    </>
  );
}

function Deleted() {
  const t = useT();
  return (
    <span className={css.deleted}>
      <Ban size={15} aria-hidden="true" />
      {t("message.deleted")}
    </span>
  );
}

/** Beside the first of a run; the others stand below it. */
function Face({ entry: { message, first } }: { entry: Entry }) {
  const t = useT();
  const { sender } = message;
  const contact = useChat((state) => state.contacts.get(sender?.id ?? ""));
  const name = useSenderName(sender) ?? t("thread.nameless");
  return (
    <span className={css.face}>
      {first && (
        <Avatar seed={sender?.id ?? ""} name={name} picture={contact?.picture} size="small" />
      )}
    </span>
  );
}

function Speaker({ entry: { message, first } }: { entry: Entry }) {
  const t = useT();
  const { group } = useScene();
  const { sender, direction } = message;
  const name = useSenderName(sender);
  if (!first) return null;
  if (sender?.kind === "phone") return <div className={css.origin}>{t("thread.fromPhone")}</div>;
  if (!group || direction === "out") return null;
  return (
    <div className={css.speaker} data-tone={toneOf(sender?.id ?? "")}>
      {name ?? t("thread.nameless")}
    </div>
  );
}

const isPicture = ({ type, deleted_at }: Message) =>
  !deleted_at && (type === "image" || type === "video");

/** A caption is as wide as its picture, and no wider. */
function widthOf(message: Message) {
  const [attachment] = message.attachments;
  return isPicture(message) && attachment
    ? { maxWidth: `min(84%, ${Math.max(230, pictureSize(attachment).width) + 10}px)` }
    : undefined;
}
