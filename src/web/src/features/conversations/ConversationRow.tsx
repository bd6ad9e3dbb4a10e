import { memo, type MouseEvent } from "react";
import { Smartphone } from "lucide-react";
import { nameOf, pictureOf, seedOf, type Contacts } from "@/chat/naming";
import { useMe } from "@/chat/session";
import { previewOf } from "@/chat/summary";
import { typingWords, type Typist } from "@/chat/typing";
import type { Conversation, Message } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { KindIcon } from "@/components/ui/KindIcon";
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
  typists: readonly Typist[] | undefined;
  /** Only where the last message names some of them. */
  contacts: Contacts;
  /** Something that was written in it could not be sent. */
  leftUnsent: boolean;
}

export const hasPills = (conversation: Conversation, instanceName: string | null) =>
  instanceName !== null || conversation.status !== "open";

export const ConversationRow = memo(function ConversationRow({
  conversation,
  instanceName,
  selected,
  typists,
  contacts,
  leftUnsent,
}: ConversationRowProps) {
  const t = useT();
  const language = useLanguage();
  const today = useToday();
  const name = nameOf(conversation);
  const typed = typists && typingWords(t, typists, conversation.kind);
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
      <Avatar
        seed={seedOf(conversation)}
        name={name}
        picture={pictureOf(conversation)}
        group={conversation.kind === "group"}
      />
      <span className={css.name} dir="auto">
        {name}
      </span>
      <time dateTime={conversation.last_activity_at}>
        {recencyOf(language, new Date(conversation.last_activity_at), today)}
      </time>
      {typed ? (
        <span className={css.preview} data-typing>
          <span dir="auto">{typed}</span>
        </span>
      ) : leftUnsent ? (
        <span className={css.preview} data-preview="failed">
          <Ticks status="failed" size={15} />
          <span>{t("list.leftUnsent")}</span>
        </span>
      ) : (
        <Preview message={last} kind={conversation.kind} contacts={contacts} />
      )}
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

interface PreviewProps {
  message: Message | null;
  kind: Conversation["kind"];
  contacts: Contacts;
}

function Preview({ message, kind, contacts }: PreviewProps) {
  const t = useT();
  const me = useMe();
  if (!message) return <span className={css.preview}>{t("list.noText")}</span>;
  const { direction, status, deleted_at, type } = message;
  const unsure = status === "unknown";
  const { icon, text } = previewOf(t, message, kind, me.user.id, contacts);
  return (
    <span className={css.preview} data-preview={status}>
      {direction === "out" && !deleted_at && type !== "system" && (
        <Ticks status={status} size={15} />
      )}
      {icon && !unsure && <KindIcon kind={icon} />}
      <span dir="auto">{unsure ? t("message.unknown") : text}</span>
    </span>
  );
}

function openHere(event: MouseEvent, id: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(conversationPath(id));
}
