import type { Ref } from "react";
import { useChat } from "@/chat/chat-store";
import type { Conversation } from "@/chat/types";
import { useT } from "@/lib/i18n";
import { ComposeForm } from "./ComposeForm";
import type { ComposerHandle } from "./use-field";
import { useWindowClosed } from "./use-window-closed";
import { WindowClosed } from "./WindowClosed";
import css from "./Composer.module.css";

export type { ComposerHandle } from "./use-field";

interface ComposerProps {
  conversation: Conversation;
  userId: string;
  ref: Ref<ComposerHandle>;
}

/** Keyed by the conversation that was opened: another one brings its own draft. */
export function Composer({ conversation, userId, ref }: ComposerProps) {
  const t = useT();
  const instance = useChat((state) => state.instances.get(conversation.instance_id));
  const known = useChat((state) => state.instancesLoaded);
  const gone = instance ? Boolean(instance.deleted_at) : known;
  const closed = useWindowClosed(conversation.window_closes_at ?? null);
  if (gone) return <p className={css.gone}>{t("composer.numberGone")}</p>;
  if (closed && instance)
    return <WindowClosed conversation={conversation} instance={instance} ref={ref} />;
  return <ComposeForm conversation={conversation} instance={instance} userId={userId} ref={ref} />;
}
