import { useEffect, useState } from "react";
import { markRead } from "@/chat/load";
import type { Conversation } from "@/chat/types";
import { inBackground } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";

/** Somebody is looking: the tab is in front and has the focus. */
function useAttention(): boolean {
  const [attentive, setAttentive] = useState(isAttentive);
  useEffect(() => {
    const look = () => setAttentive(isAttentive());
    window.addEventListener("focus", look);
    window.addEventListener("blur", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      window.removeEventListener("blur", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return attentive;
}

const isAttentive = () => document.visibilityState === "visible" && document.hasFocus();

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
