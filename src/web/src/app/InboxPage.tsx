import { MessagesSquare } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useChat } from "@/chat/chat-store";
import { useMe } from "@/chat/session";
import { currentId } from "@/chat/state";
import type { Conversation } from "@/chat/types";
import { EmptyState } from "@/components/ui/EmptyState";
import { Composer, type ComposerHandle } from "@/features/composer/Composer";
import {
  ConversationList,
  type ConversationListHandle,
} from "@/features/conversations/ConversationList";
import { DetailsPane } from "@/features/details/DetailsPane";
import { useDetailsShown } from "@/features/details/use-details-shown";
import { useShortcuts } from "@/features/shortcuts/use-shortcuts";
import { Thread } from "@/features/thread/Thread";
import { DETAILS, type StatusHandle } from "@/features/thread/ThreadHeader";
import { useT } from "@/lib/i18n";
import { conversationPath, navigate, rename } from "@/lib/router";
import css from "./InboxPage.module.css";

interface InboxPageProps {
  conversationId: string | null;
  onHelp: () => void;
}

export function InboxPage({ conversationId: askedId, onHelp }: InboxPageProps) {
  const t = useT();
  const conversationId = useChat((state) => askedId && currentId(state, askedId));
  const room = useRoom(conversationId);
  const me = useMe();
  const list = useRef<ConversationListHandle>(null);
  const thread = useRef<StatusHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const anything = useChat((state) => state.order.length > 0);
  const canWrite = me.role !== "viewer";
  const details = useDetailsShown(room);

  const shortcuts = useMemo(
    () => ({
      search: () => list.current?.focusSearch(),
      next: () => list.current?.walk(1),
      previous: () => list.current?.walk(-1),
      openNext: () => list.current?.openNext(1),
      openPrevious: () => list.current?.openNext(-1),
      reply: () => composer.current?.focus(),
      resolve: () => thread.current?.toggleStatus(),
      back: details.lies ? details.close : goBack,
      help: onHelp,
    }),
    [onHelp, details],
  );
  useShortcuts(shortcuts);

  useEffect(() => {
    if (conversationId && conversationId !== askedId) rename(conversationPath(conversationId));
  }, [conversationId, askedId]);

  const writeTo = (conversation: Conversation) =>
    canWrite ? (
      <Composer ref={composer} conversation={conversation} userId={me.user.id} />
    ) : (
      <p className={css.viewer}>{t("composer.viewer")}</p>
    );

  return (
    <main
      className={css.inbox}
      data-in-thread={conversationId !== null || undefined}
      data-details={details.shown || undefined}
    >
      <ConversationList ref={list} selectedId={conversationId} canStart={canWrite} />
      <section className={css.thread} aria-label={t("app.thread")}>
        {conversationId ? (
          <Thread
            key={room}
            ref={thread}
            conversationId={conversationId}
            canWrite={canWrite}
            myId={me.user.id}
            details={details}
            onBack={() => navigate("/")}
            composer={writeTo}
          />
        ) : (
          anything && (
            <EmptyState
              icon={MessagesSquare}
              title={t("thread.none")}
              hint={t("thread.noneHint")}
            />
          )
        )}
      </section>
      {conversationId && details.shown && (
        <DetailsPane
          id={DETAILS}
          lies={details.lies}
          conversationId={conversationId}
          onClose={details.close}
          onShow={details.closeOver}
        />
      )}
    </main>
  );
}

/** The conversation that was opened, also when it is part of another one by now: what is under way in it goes on. */
function useRoom(conversationId: string | null): string | null {
  const [room, setRoom] = useState(conversationId);
  const into = useChat((state) => room && currentId(state, room));
  if (into === conversationId) return room;
  setRoom(conversationId);
  return conversationId;
}

/** First out of the field one types in, then out of the conversation. */
function goBack(): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLTextAreaElement) focused.blur();
  else navigate("/");
}
