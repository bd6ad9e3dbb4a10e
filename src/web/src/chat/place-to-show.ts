import { createStore } from "@/lib/external-store";

/** A message that an open thread is asked to scroll to, once. */
export const placeToShow = createStore<{ conversationId: string; messageId: string } | null>(null);

export const showMessage = (conversationId: string, messageId: string) =>
  placeToShow.set({ conversationId, messageId });
