import type { Translate } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import type { Conversation, Failure, Message } from "./types";

export function nameOf(conversation: Conversation): string {
  const { contact, group } = conversation;
  if (group) return group.name ?? group.jid.replace(/@.*/, "");
  return contact?.name || formatPhone(contact?.phone ?? "");
}

/** The seed of its avatar's colour. */
export const seedOf = (conversation: Conversation) =>
  conversation.contact?.id ?? conversation.group?.id ?? conversation.id;

export function textOf(t: Translate, message: Message): string {
  if (message.deleted_at) return t("message.deleted");
  return message.type === "text" ? (message.text ?? "") : t("message.unsupported");
}

const KNOWN_FAILURES = [
  "not_on_whatsapp",
  "refused",
  "not_connected",
  "gateway_error",
  "unauthorized",
  "instance_missing",
  "cancelled",
] as const;

/** Our own words for the reason, and the gateway's where it said more. */
export function reasonOf(t: Translate, failure: Failure | null): string {
  const known = KNOWN_FAILURES.find((code) => code === failure?.code);
  const reason = t(known ? `failure.${known}` : "failure.other");
  const telling = known !== "not_on_whatsapp" && known !== "cancelled" && failure?.text;
  return telling ? t("failure.withDetail", { reason, detail: failure.text }) : reason;
}
