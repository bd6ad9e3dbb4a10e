import { Copy, Download, Pencil, Reply, SmilePlus, Trash2, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { editText, replyTo } from "@/chat/compose-target";
import {
  askedChanges,
  changeMessage,
  currentChange,
  isOurs,
  shownReactions,
} from "@/chat/message-changes";
import { chat } from "@/chat/chat-store";
import { mentionNames } from "@/chat/summary";
import type { Message } from "@/chat/types";
import { downloadPath } from "@/components/media/content-path";
import { Menu, type MenuEntry } from "@/components/ui/Menu";
import { Popover } from "@/components/ui/Popover";
import { copy } from "@/lib/copy";
import { useT } from "@/lib/i18n";
import { plainText } from "@/lib/rich-text";
import { refusalOf, type MessageAction } from "./message-actions";
import { QuickReactions } from "./QuickReactions";
import { useScene } from "./thread-context";
import css from "./MessageMenu.module.css";

const EmojiPicker = lazy(() => import("@/components/ui/EmojiPicker"));

interface MessageMenuProps {
  message: Message;
  anchor: HTMLElement;
  onDelete: () => void;
  onClose: () => void;
}

/** What can be done with a message; what can't says why. */
export function MessageMenu({ message, anchor, onDelete, onClose }: MessageMenuProps) {
  const t = useT();
  const { instance, canWrite } = useScene();
  const [picking, setPicking] = useState(false);
  const [now] = useState(() => Date.now());
  const refusal = (action: MessageAction) =>
    refusalOf(action, message, { instance, canWrite, now });
  const mine = shownReactions(
    message,
    currentChange(message, askedChanges.get().get(message.id)),
  ).find((reaction) => isOurs(reaction.by))?.emoji;

  const react = (emoji: string) => {
    onClose();
    changeMessage(message.id, "reaction", emoji === mine ? "" : emoji);
  };

  if (picking)
    return (
      <Popover key="emoji" anchor={anchor} label={t("action.react")} onClose={onClose}>
        <Suspense fallback={<div className={css.loading}>{t("emoji.loading")}</div>}>
          <EmojiPicker onPick={react} />
        </Suspense>
      </Popover>
    );
  const text = message.text
    ? plainText(message.text, mentionNames(message.mentions, chat.get().contacts))
    : null;
  const [attachment] = message.attachments;
  const can = (action: MessageAction, icon: LucideIcon, act: () => void, danger = false) => {
    const why = refusal(action);
    const refused = why ? t(why) : null;
    return why === false
      ? []
      : [{ icon, label: t(`action.${action}`), refusal: refused, danger, onChoose: act }];
  };
  const entries: MenuEntry[] = [
    ...can("reply", Reply, () => replyTo(message)),
    // Where it is possible its row stands above.
    ...(refusal("react") === null ? [] : can("react", SmilePlus, () => setPicking(true))),
    ...(text
      ? [
          {
            icon: Copy,
            label: t("action.copy"),
            onChoose: () => void copy(text),
          },
        ]
      : []),
    ...(attachment?.state === "ready"
      ? [
          {
            icon: Download,
            label: t("media.download"),
            href: downloadPath(attachment),
            download: attachment.file_name ?? "",
          },
        ]
      : []),
    ...(message.type === "text" ? can("edit", Pencil, () => editText(message)) : []),
    ...can("delete", Trash2, onDelete, true),
  ];
  return (
    <Menu anchor={anchor} label={t("message.actions")} entries={entries} onClose={onClose}>
      {refusal("react") === null && (
        <QuickReactions mine={mine} onPick={react} onMore={() => setPicking(true)} />
      )}
    </Menu>
  );
}
