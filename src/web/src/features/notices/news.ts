import { nameOf } from "@/chat/naming";
import type { ChatState } from "@/chat/state";
import { lineOf } from "@/chat/summary";
import type { Conversation, Message } from "@/chat/types";
import type { Translate } from "@/lib/i18n";

export interface Notice {
  /** Null where it tells of several. */
  conversationId: string | null;
  title: string;
  body: string;
}

const AT_ONCE = 3;

/** What to tell of messages that came together: nothing of what is in view, or read by now. */
export function noticesOf(
  t: Translate,
  { conversations, contacts }: ChatState,
  messages: readonly Message[],
  inView: string | null,
): Notice[] {
  const newest = new Map<Conversation, Message>();
  for (const message of messages) {
    const conversation = conversations.get(message.conversation_id);
    if (!conversation || conversation.id === inView || conversation.unread_count === 0) continue;
    newest.set(conversation, message);
  }
  // After a night without network a screen full of them helps nobody.
  if (newest.size > AT_ONCE)
    return [{ conversationId: null, title: t("notices.many", { count: newest.size }), body: "" }];
  return [...newest].map(([conversation, message]) => ({
    conversationId: conversation.id,
    title: nameOf(conversation),
    body: lineOf(t, message, conversation.kind, contacts),
  }));
}
