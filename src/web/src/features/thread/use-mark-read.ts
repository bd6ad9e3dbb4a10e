import { useEffect } from "react";
import { markRead } from "@/chat/load";
import type { Conversation } from "@/chat/types";
import { useAttention } from "@/lib/attention";
import { inBackground } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";

export function useMarkRead(conversation: Conversation | undefined, shown: boolean): void {
  const attentive = useAttention();
  const id = conversation?.id;
  const unread = conversation?.unread_count ?? 0;
  useEffect(() => {
    if (!id || !shown || !attentive || unread === 0) return;
    const abort = new AbortController();
    void inBackground(untilAnswered(() => markRead(id), abort.signal));
    return () => abort.abort();
  }, [id, shown, attentive, unread]);
}
