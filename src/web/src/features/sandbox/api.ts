import { applyNewest } from "@/chat/apply-answers";
import { applyIfCurrent, chat } from "@/chat/chat-store";
import type { Attachment, Message, Page } from "@/chat/types";
import { formOf } from "@/chat/unsent";
import { request, upload } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";
import type { Customer } from "./customers";

interface PhoneMessages extends Omit<Page<Message>, "next_cursor"> {
  conversation_id: string | null;
  next_cursor?: string | null;
}

/** What the customer's phone shows; null while the two have never spoken. */
export async function loadPhone(
  instanceId: string,
  phone: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { epoch } = chat.get();
  const query = new URLSearchParams({ phone });
  const answer = await untilAnswered(
    () => request<PhoneMessages>("GET", `/api/sandbox/${instanceId}/messages?${query}`),
    signal,
  );
  const { conversation_id: id, items, next_cursor = null, seq } = answer;
  if (id) applyIfCurrent(epoch, (state) => applyNewest(state, id, { items, next_cursor, seq }));
  return id;
}

/** The message comes back as any other does: with the live log. */
export async function sendFromPhone(
  instanceId: string,
  { phone, name }: Customer,
  what: { text: string } | { attachment_id: string },
): Promise<void> {
  await request("POST", `/api/sandbox/${instanceId}/messages`, { phone, name, ...what });
}

/** A file on the phone, or what was spoken into it. */
export async function sendFileFromPhone(
  instanceId: string,
  customer: Customer,
  file: File,
  attachment: Attachment,
): Promise<void> {
  const signal = new AbortController().signal;
  const form = formOf(attachment, file);
  const taken = await upload<Attachment>("/api/attachments", form, () => {}, signal);
  await sendFromPhone(instanceId, customer, { attachment_id: taken.id });
}

export const reportRead = (instanceId: string, phone: string) =>
  request<void>("POST", `/api/sandbox/${instanceId}/receipts`, { phone, status: "read" });
