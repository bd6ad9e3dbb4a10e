import { Copy, Download, Pencil, Reply, Trash2, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useState, type KeyboardEvent } from "react";
import { editText, replyTo } from "@/chat/compose-target";
import {
  askedChanges,
  changeMessage,
  currentChange,
  isOurs,
  shownReactions,
} from "@/chat/message-changes";
import { mentionNames } from "@/chat/summary";
import type { Message } from "@/chat/types";
import { downloadPath } from "@/components/media/content-path";
import { Popover } from "@/components/ui/Popover";
import { useT, type Key } from "@/lib/i18n";
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

  const closing = (act: () => void) => () => {
    onClose();
    act();
  };
  const react = (emoji: string) =>
    closing(() => changeMessage(message.id, "reaction", emoji === mine ? "" : emoji))();

  if (picking)
    return (
      <Popover key="emoji" anchor={anchor} label={t("action.react")} onClose={onClose}>
        <Suspense fallback={<div className={css.loading}>{t("emoji.loading")}</div>}>
          <EmojiPicker onPick={react} />
        </Suspense>
      </Popover>
    );
  const canReact = refusal("react") === null;
  const text = message.text ? plainText(message.text, mentionNames(message.mentions)) : null;
  const [attachment] = message.attachments;
  return (
    <Popover anchor={anchor} role="menu" label={t("message.actions")} onClose={onClose}>
      <div className={css.menu} role="none" onKeyDown={walk}>
        {canReact && <QuickReactions mine={mine} onPick={react} onMore={() => setPicking(true)} />}
        <Item
          icon={Reply}
          label="action.reply"
          first={!canReact}
          refusal={refusal("reply")}
          onClick={closing(() => replyTo(message))}
        />
        {text && (
          <Item
            icon={Copy}
            label="action.copy"
            refusal={null}
            onClick={closing(() => void navigator.clipboard.writeText(text))}
          />
        )}
        {attachment?.state === "ready" && (
          <a
            role="menuitem"
            tabIndex={-1}
            className={css.item}
            href={downloadPath(attachment)}
            download={attachment.file_name ?? ""}
            onClick={onClose}
          >
            <Download size={17} aria-hidden="true" />
            {t("media.download")}
          </a>
        )}
        <Item
          icon={Pencil}
          label="action.edit"
          refusal={message.type === "text" ? refusal("edit") : false}
          onClick={closing(() => editText(message))}
        />
        <Item
          icon={Trash2}
          label="action.delete"
          danger
          refusal={refusal("delete")}
          onClick={closing(onDelete)}
        />
      </div>
    </Popover>
  );
}

interface ItemProps {
  icon: LucideIcon;
  label: Key;
  danger?: boolean;
  first?: boolean;
  refusal: Key | null | false;
  onClick: () => void;
}

/** One that can't be chosen now can still be reached, to hear why. */
function Item({ icon: Icon, label, danger = false, first = false, refusal, onClick }: ItemProps) {
  const t = useT();
  if (refusal === false) return null;
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={css.item}
      data-first={first || undefined}
      data-danger={danger || undefined}
      aria-disabled={refusal !== null || undefined}
      onClick={refusal === null ? onClick : undefined}
    >
      <Icon size={17} aria-hidden="true" />
      <span>
        {t(label)}
        {refusal && <small>{t(refusal)}</small>}
      </span>
    </button>
  );
}

/** Arrows go through the menu: along the emoji, and from their row to the first item below. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const below = items.findIndex((item) => item.classList.contains(css.item!));
  const step = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at < below ? below : at + 1,
    ArrowUp: at === below && below > 0 ? 0 : at - 1,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  items[(step + items.length) % items.length]?.focus();
}
