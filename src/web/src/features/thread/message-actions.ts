import { inabilityOf } from "@/chat/inability";
import type { Instance, Message } from "@/chat/types";
import type { Key } from "@/lib/i18n";

export type MessageAction = "reply" | "react" | "edit" | "delete";

const EDIT_TIME = 15 * 60_000;

interface Circumstances {
  instance: Instance | undefined;
  canWrite: boolean;
  now: number;
}

/** False for what such a message never allows; else why it can't be done now, or null when it can. */
export function refusalOf(
  action: MessageAction,
  message: Message,
  { instance, canWrite, now }: Circumstances,
): Key | null | false {
  if (message.deleted_at || message.type === "system" || message.type === "call") return false;
  const ours = message.direction === "out";
  if ((action === "edit" || action === "delete") && !ours) return false;
  if (!canWrite) return "why.viewer";
  if (!instance || instance.deleted_at) return "why.numberGone";
  if (!instance.abilities.includes(action)) return inabilityOf(instance);
  if (!message.wa_id) return "why.notSent";
  if (action !== "edit") return null;
  if (message.type !== "text") return "why.notText";
  return now - Date.parse(message.sent_at) > EDIT_TIME ? "why.editTooLate" : null;
}

export const hasActions = ({ deleted_at, type }: Message) =>
  !deleted_at && type !== "system" && type !== "call";
