import { useEffect, useEffectEvent } from "react";
import { chat, onIncoming } from "@/chat/chat-store";
import type { Message } from "@/chat/types";
import { isAttentive } from "@/lib/attention";
import { useT } from "@/lib/i18n";
import { conversationPath, navigate } from "@/lib/router";
import { chime } from "./chime";
import { noticesOf, type Notice } from "./news";
import { blocked, notifications, sound } from "./settings";

/** Tells of what comes while nobody looks at its conversation. */
export function useNotices(opened: string | null): void {
  const t = useT();
  const tell = useEffectEvent((messages: readonly Message[]) => {
    const inView = isAttentive() ? opened : null;
    const notices = noticesOf(t, chat.get(), messages, inView);
    if (notices.length === 0) return;
    if (sound.get()) chime();
    if (notifications.get() && !blocked.get()) notices.forEach(show);
  });
  useEffect(() => onIncoming((messages) => tell(messages)), []);
}

function show(notice: Notice): void {
  try {
    const { conversationId } = notice;
    const notification = notify(notice);
    notification.addEventListener("click", () => {
      window.focus();
      navigate(conversationId ? conversationPath(conversationId) : "/");
      notification.close();
    });
  } catch (error) {
    // Phones grant the permission and refuse the constructor.
    if (!(error instanceof TypeError)) throw error;
    blocked.set(true);
  }
}

/** One for each conversation, also where several tabs tell of it; the sound has its own switch. */
const notify = ({ conversationId, title, body }: Notice) =>
  new Notification(title, {
    body,
    tag: conversationId ?? "flowchat",
    icon: "/favicon.svg",
    silent: true,
  });
