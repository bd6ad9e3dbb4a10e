import { createStore, useStore } from "@/lib/external-store";
import { applyEvents } from "./apply-events";
import { joinDrafts } from "./drafts";
import { emptyState, type ChatState } from "./state";
import { applyTyping } from "./typing";
import type { LiveEvent, Message } from "./types";

export const chat = createStore<ChatState>(emptyState());

export const useChat = <S>(select: (state: ChatState) => S): S => useStore(chat, select);

/** Keeps an answer out of a state that was reset since it was asked for. */
export function applyIfCurrent(epoch: number, change: (state: ChatState) => ChatState): void {
  chat.set((state) => (state.epoch === epoch ? change(state) : state));
}

type NewsListener = (messages: readonly Message[]) => void;

const newsListeners = new Set<NewsListener>();

/** Tells of the messages from contacts that the live stream brings for the first time, those that come together at once. */
export function onIncoming(listener: NewsListener): () => void {
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
  applyTyping(events);
  const incoming = events.flatMap((event) =>
    event.type === "message.created" && event.seq > before && event.data.message.direction === "in"
      ? event.data.message
      : [],
  );
  if (incoming.length > 0) for (const listener of newsListeners) listener(incoming);
}
