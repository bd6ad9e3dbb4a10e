import { memo, type MouseEvent } from "react";
import { Smartphone } from "lucide-react";
import { nameOf, seedOf, textOf } from "@/chat/naming";
import type { Conversation, Message } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { Pill } from "@/components/ui/Pill";
import { Ticks } from "@/components/ui/Ticks";
import { recencyOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { conversationPath, navigate } from "@/lib/router";
import { useToday } from "@/lib/today";
import css from "./ConversationRow.module.css";

interface ConversationRowProps {
  conversation: Conversation;
  /** Only where there are several numbers to tell apart. */
  instanceName: string | null;
  selected: boolean;
}

export const hasPills = (conversation: Conversation, instanceName: string | null) =>
  instanceName !== null || conversation.status !== "open";

export const ConversationRow = memo(function ConversationRow({
  conversation,
  instanceName,
  selected,
}: ConversationRowProps) {
  const t = useT();
  const language = useLanguage();
  const today = useToday();
  const name = nameOf(conversation);
  const { id, unread_count: unread, last_message: last, status } = conversation;
  return (
    <a
      href={conversationPath(id)}
      className={css.row}
      data-conversation-id={id}
      data-unread={unread > 0 || undefined}
      aria-current={selected ? "page" : undefined}
      onClick={(event) => openHere(event, id)}
    >
      <Avatar seed={seedOf(conversation)} name={name} group={conversation.kind === "group"} />
      <span className={css.name}>{name}</span>
      <time dateTime={conversation.last_activity_at}>
        {recencyOf(language, new Date(conversation.last_activity_at), today)}
      </time>
      <Preview message={last} group={conversation.kind === "group"} />
      {unread > 0 && (
        <span className={css.badge}>
          <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
          <span className="visually-hidden">{t("list.unread", { count: unread })}</span>
        </span>
      )}
      {hasPills(conversation, instanceName) && (
        <span className={css.pills}>
          {instanceName && (
            <Pill>
              <Smartphone size={11} aria-hidden="true" />
              {instanceName}
            </Pill>
          )}
          {status === "resolved" && <Pill>{t("list.resolved")}</Pill>}
          {status === "snoozed" && <Pill>{t("list.snoozed")}</Pill>}
        </span>
      )}
    </a>
  );
});

function Preview({ message, group }: { message: Message | null; group: boolean }) {
  const t = useT();
  if (!message) return <span className={css.preview}>{t("list.noText")}</span>;
  const text = textOf(t, message);
  const speaker = group && message.direction === "in" ? message.sender?.name : null;
  return (
    <span className={css.preview} data-preview={message.status}>
      {message.direction === "out" && <Ticks status={message.status} size={15} />}
      <span>
        {message.status === "unknown"
          ? t("message.unknown")
          : speaker
            ? t("list.groupPreview", { name: speaker.split(" ")[0]!, text })
            : text}
      </span>
    </span>
  );
}

function openHere(event: MouseEvent, id: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(conversationPath(id));
}
