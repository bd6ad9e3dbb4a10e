import { useEffect } from "react";
import { useChat } from "@/chat/chat-store";
import type { ChatState } from "@/chat/state";
import { useT } from "@/lib/i18n";

/** The tab tells how many conversations wait, in words and with a dot. */
export function useUnreadTitle(): void {
  const t = useT();
  const count = useChat(unreadConversations);
  useEffect(() => {
    document.title = count > 0 ? t("app.titleUnread", { count }) : t("app.title");
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    if (icon) icon.href = count > 0 ? "/favicon-unread.svg" : "/favicon.svg";
  }, [count, t]);
}

function unreadConversations({ conversations }: ChatState): number {
  let count = 0;
  for (const one of conversations.values()) if (one.unread_count > 0) count++;
  return count;
}
