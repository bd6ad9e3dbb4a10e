import { createStore, useStore } from "@/lib/external-store";
import { applyEvents } from "./apply-events";
import { joinDrafts } from "./drafts";
import { emptyState, type ChatState } from "./state";
import type { LiveEvent, Message } from "./types";

export const chat = createStore<ChatState>(emptyState());

export const useChat = <S>(select: (state: ChatState) => S): S => useStore(chat, select);

/** Keeps an answer out of a state that was reset since it was asked for. */
export function applyIfCurrent(epoch: number, change: (state: ChatState) => ChatState): void {
  chat.set((state) => (state.epoch === epoch ? change(state) : state));
}

const newsListeners = new Set<(message: Message) => void>();

/** Tells of each message from a contact that the live stream brings for the first time. */
export function onIncoming(listener: (message: Message) => void): () => void {
  newsListeners.add(listener);
  return () => newsListeners.delete(listener);
}

export function applyLive(events: readonly LiveEvent[]): void {
  const before = chat.get().seq;
  for (const event of events) {
    if (event.type !== "conversation.joined") continue;
    const { joined_id, conversation } = event.data;
    if (joined_id) joinDrafts(joined_id, conversation.id);
  }
  chat.set((state) => applyEvents(state, events));
  for (const event of events) {
    if (event.type !== "message.created" || event.seq <= before) continue;
    const { message } = event.data;
    if (message.direction === "in") for (const listener of newsListeners) listener(message);
  }
}
