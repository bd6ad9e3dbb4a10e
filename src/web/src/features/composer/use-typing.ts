import { useCallback, useRef } from "react";
import { request, RequestError } from "@/lib/http";

const PAUSE = 4_000;

/** Tells the contact that somebody writes, at most every four seconds. */
export function useTyping(conversationId: string, allowed: boolean): () => void {
  const told = useRef(-PAUSE);
  return useCallback(() => {
    if (!allowed || performance.now() - told.current < PAUSE) return;
    told.current = performance.now();
    void tell(conversationId);
  }, [conversationId, allowed]);
}

async function tell(conversationId: string): Promise<void> {
  try {
    await request<void>("POST", `/api/conversations/${conversationId}/typing`);
  } catch (error) {
    // A courtesy: nobody misses one that was lost.
    if (!(error instanceof RequestError)) throw error;
  }
}
