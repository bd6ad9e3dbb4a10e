import { useChat } from "@/chat/chat-store";
import { senderName } from "@/chat/naming";
import { mentionNames } from "@/chat/summary";
import { Lightbox } from "@/components/media/Lightbox";
import { dayOf, timeOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { plainText } from "@/lib/rich-text";
import { useToday } from "@/lib/today";
import { useScene } from "./thread-context";
import { mediaOf } from "./use-shown-message";

interface ThreadMediaProps {
  conversationId: string;
  attachmentId: string;
  onClose: () => void;
}

export function ThreadMedia({ conversationId, attachmentId, onClose }: ThreadMediaProps) {
  const t = useT();
  const language = useLanguage();
  const today = useToday();
  const scene = useScene();
  const contacts = useChat((state) => state.contacts);
  const items = mediaOf(conversationId).map((message) => {
    const at = new Date(message.sent_at);
    return {
      attachment: message.attachments[0]!,
      title: t("lightbox.title", {
        name:
          senderName(
            t,
            message.sender,
            scene,
            contacts.get(message.sender?.id ?? ""),
            scene.myId,
          ) ?? scene.name,
        when: `${dayOf(language, at, today)} ${timeOf(language, at)}`,
      }),
      caption: message.text && plainText(message.text, mentionNames(message.mentions, contacts)),
    };
  });
  return <Lightbox items={items} startId={attachmentId} onClose={onClose} />;
}
