import { Pencil, Reply, X } from "lucide-react";
import { useChat } from "@/chat/chat-store";
import { clearComposeTarget, type ComposeTarget } from "@/chat/compose-target";
import { senderName, type Place } from "@/chat/naming";
import { textOf } from "@/chat/summary";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import css from "./ComposeTargetBar.module.css";

interface ComposeTargetBarProps {
  target: ComposeTarget;
  place: Place;
  userId: string;
}

/** Above the field: what is being answered, or edited. */
export function ComposeTargetBar({ target, place, userId }: ComposeTargetBarProps) {
  const t = useT();
  const { mode, message } = target;
  const Icon = mode === "edit" ? Pencil : Reply;
  const contact = useChat((state) => state.contacts.get(message.sender?.id ?? ""));
  const name = senderName(t, message.sender, place, contact, userId) ?? place.name;
  const words = useChat(({ contacts }) => textOf(t, message, contacts));
  return (
    <div className={css.bar}>
      <Icon size={16} aria-hidden="true" />
      <p>
        <b dir="auto">{mode === "edit" ? t("compose.editing") : t("compose.replying", { name })}</b>
        <span dir="auto">{words}</span>
      </p>
      <IconButton label={t("compose.cancel")} onClick={clearComposeTarget}>
        <X size={17} />
      </IconButton>
    </div>
  );
}
