import { useEffect, useState } from "react";
import { chat, onIncoming } from "@/chat/chat-store";
import { nameOf } from "@/chat/naming";
import { textOf } from "@/chat/summary";
import { useT } from "@/lib/i18n";

/** Tells screen readers of what arrives, without taking the focus. */
export function Announcer() {
  const t = useT();
  const [news, setNews] = useState("");
  useEffect(
    () =>
      onIncoming((messages) => {
        const message = messages.at(-1)!;
        const { conversations, contacts } = chat.get();
        const conversation = conversations.get(message.conversation_id);
        if (!conversation) return;
        setNews(t("news.from", { name: nameOf(conversation), text: textOf(t, message, contacts) }));
      }),
    [t],
  );
  return (
    <div className="visually-hidden" role="log" aria-live="polite">
      {news}
    </div>
  );
}
