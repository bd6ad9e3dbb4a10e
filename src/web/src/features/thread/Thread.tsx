import { MessageSquareDashed } from "lucide-react";
import { useEffect, useMemo, useState, type ReactNode, type Ref } from "react";
import { useChat } from "@/chat/chat-store";
import { loadConversation, loadGroup, loadThread } from "@/chat/load";
import { canSend, nameOf } from "@/chat/naming";
import { outbox } from "@/chat/outbox";
import type { Conversation } from "@/chat/types";
import { EmptyState } from "@/components/ui/EmptyState";
import { Skeleton } from "@/components/ui/Skeleton";
import { useStore } from "@/lib/external-store";
import { inBackground, RequestError } from "@/lib/http";
import { useT } from "@/lib/i18n";
import { InstanceBanner } from "./InstanceBanner";
import { MessageList } from "./MessageList";
import { ThreadHeader, type DetailsToggle, type StatusHandle } from "./ThreadHeader";
import { useMarkRead } from "./use-mark-read";
import css from "./Thread.module.css";

interface ThreadProps {
  ref: Ref<StatusHandle>;
  conversationId: string;
  canWrite: boolean;
  myId: string;
  details: DetailsToggle;
  onBack: () => void;
  composer: (conversation: Conversation) => ReactNode;
}

export function Thread(props: ThreadProps) {
  const { ref, conversationId, canWrite, myId, details, onBack, composer } = props;
  const t = useT();
  const conversation = useChat((state) => state.conversations.get(conversationId));
  const thread = useChat((state) => state.threads.get(conversationId));
  const instance = useChat((state) => state.instances.get(conversation?.instance_id ?? ""));
  const missing = useOpened(conversationId);
  const joined = useChat((state) => state.joined);
  const waiting = useStore(outbox, (entries) => entries);
  const unsent = useMemo(
    () =>
      waiting.filter(
        (entry) => (joined.get(entry.conversation_id) ?? entry.conversation_id) === conversationId,
      ),
    [waiting, joined, conversationId],
  );
  useGroup(conversation);
  useMarkRead(conversation, thread?.loaded ?? false);

  if (missing) {
    return (
      <EmptyState
        icon={MessageSquareDashed}
        title={t("thread.missing")}
        hint={t("thread.missingHint")}
      />
    );
  }
  if (!conversation) return <Skeleton kind="bubbles" label={t("thread.loading")} />;
  const parked = instance !== undefined && !canSend(instance);
  return (
    <>
      <ThreadHeader
        conversation={conversation}
        instance={instance}
        canWrite={canWrite}
        details={details}
        onBack={onBack}
        ref={ref}
      />
      {parked && <InstanceBanner instance={instance} />}
      {!thread?.loaded ? (
        <Skeleton kind="bubbles" label={t("thread.loading")} />
      ) : thread.messages.length + unsent.length === 0 ? (
        <p className={css.empty}>{t("thread.empty")}</p>
      ) : (
        <MessageList
          conversationId={conversationId}
          name={nameOf(conversation)}
          group={conversation.kind === "group"}
          instance={instance}
          parked={parked}
          canWrite={canWrite}
          myId={myId}
          thread={thread}
          unsent={unsent}
        />
      )}
      {composer(conversation)}
    </>
  );
}

/** Loads what is shown, again after each reset and when its messages were rewritten; true when there is no such conversation. */
function useOpened(conversationId: string): boolean {
  const epoch = useChat((state) => state.epoch);
  const rewritten = useChat((state) => state.rewritten.get(conversationId));
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    const load = async () => {
      try {
        await Promise.all([loadConversation(conversationId), loadThread(conversationId)]);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        setMissing(error.status !== 401);
      }
    };
    void load();
  }, [conversationId, epoch, rewritten]);
  return missing;
}

/** Asks who is in the group that is shown, once for all of the page: again after each change and each reset, and when two of them are one person. */
function useGroup(conversation: Conversation | undefined): void {
  const { id, version } = conversation?.group ?? {};
  const epoch = useChat((state) => state.epoch);
  const rewritten = useChat((state) => state.rewritten.get(conversation?.id ?? ""));
  useEffect(() => {
    if (!id) return;
    const abort = new AbortController();
    void inBackground(loadGroup(id, abort.signal));
    return () => abort.abort();
  }, [id, version, epoch, rewritten]);
}
