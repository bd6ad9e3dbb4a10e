import { useEffect, useState } from "react";
import { applyOpened } from "@/chat/apply-answers";
import { chat, useChat } from "@/chat/chat-store";
import type { ChatState, Thread } from "@/chat/state";
import { inBackground } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";
import { loadPhone, reportRead } from "./api";

/** The thread as the customer's phone has it, live; what it shows is reported as read. */
export function usePhone(instanceId: string, phone: string): Thread | null {
  const conversationId = useConversation(instanceId, phone);
  const thread = useChat((state) => state.threads.get(conversationId ?? "")) ?? null;
  const unread = thread?.messages.findLast(
    (message) =>
      message.direction === "out" && (message.status === "sent" || message.status === "delivered"),
  );
  const visible = useVisible();

  useEffect(() => {
    if (!unread || !visible) return;
    const abort = new AbortController();
    const report = untilAnswered(() => reportRead(instanceId, phone), abort.signal);
    void inBackground(report);
    return () => abort.abort();
  }, [instanceId, phone, unread, visible]);

  return thread;
}

function useConversation(instanceId: string, phone: string): string | null {
  const epoch = useChat((state) => state.epoch);
  const known = useChat((state) => conversationOf(state, instanceId, phone));
  const [loaded, setLoaded] = useState<{ of: string; id: string } | null>(null);
  const of = `${instanceId} ${phone}`;

  useEffect(() => {
    const abort = new AbortController();
    const load = async () => {
      const id = await loadPhone(instanceId, phone, abort.signal);
      if (id && !abort.signal.aborted) setLoaded({ of, id });
    };
    void inBackground(load());
    return () => abort.abort();
    // Loaded again when the first message makes the conversation: it may have come before we looked.
  }, [instanceId, phone, of, epoch, known]);

  const id = known ?? (loaded?.of === of ? loaded.id : null);
  useEffect(() => {
    if (id) chat.set((state) => applyOpened(state, id));
  }, [id]);
  return id;
}

function conversationOf(state: ChatState, instanceId: string, phone: string): string | null {
  for (const one of state.conversations.values())
    if (one.instance_id === instanceId && one.contact?.phone === phone) return one.id;
  return null;
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return visible;
}
