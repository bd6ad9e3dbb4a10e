import { createStore } from "@/lib/external-store";
import type { Message, Quote } from "./types";

/** What the composer's next text is for: an answer to a message, or its new text. */
export interface ComposeTarget {
  conversationId: string;
  mode: "reply" | "edit";
  message: Message;
}

export const composeTarget = createStore<ComposeTarget | null>(null);

export function replyTo(message: Message): void {
  composeTarget.set({ conversationId: message.conversation_id, mode: "reply", message });
}

export function editText(message: Message): void {
  composeTarget.set({ conversationId: message.conversation_id, mode: "edit", message });
}

export const clearComposeTarget = () => composeTarget.set(null);

/** A message as its answers quote it. */
export const quoteOf = ({ id, wa_id, type, text, sender, mentions }: Message): Quote => ({
  wa_id: wa_id ?? "",
  message_id: id,
  type,
  text,
  sender,
  mentions,
});
