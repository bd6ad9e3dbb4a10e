import { exclusively } from "@/lib/exclusively";
import { isTransient, request, RequestError } from "@/lib/http";
import { newId } from "@/lib/new-id";
import { pause, retryDelay } from "@/lib/retry";
import { applyMessage } from "./apply-answers";
import { chat } from "./chat-store";
import { quoteOf } from "./compose-target";
import type { Failure, Message } from "./types";
import { requestOf, type Outgoing, type Unsent } from "./unsent";
import {
  find,
  firstOf,
  onChangedElsewhere,
  outbox,
  ownerNow,
  put,
  refresh,
  remove,
  showUnsentOf,
} from "./unsent-view";
import { fileOf, stopUploads, takeFile, uploadFile } from "./uploads";

export type { Unsent } from "./unsent";
export { outbox } from "./unsent-view";

const lanes = new Set<string>();

/** What is older was written for a moment that is over: whoever wrote it decides. */
const LATEST = 24 * 60 * 60 * 1000;

/** Takes up what this user left unsent, here or in a page that was closed. */
export function openOutbox(userId: string): void {
  showUnsentOf(userId);
  void takeUp();
}

export function closeOutbox(): void {
  showUnsentOf(null);
  stopUploads();
}

onChangedElsewhere(() => void takeUp());

async function takeUp(): Promise<void> {
  await refresh();
  for (const id of new Set(outbox.get().map((entry) => entry.conversation_id))) void runLane(id);
}

export function send(
  conversationId: string,
  what: string | Outgoing,
  answered?: Message | null,
  file?: File,
): void {
  const userId = ownerNow();
  if (userId === null) throw new Error("Nobody is signed in to send as.");
  const entry: Unsent = {
    ...(typeof what === "string" ? { text: what } : what),
    client_message_id: newId(),
    conversation_id: conversationId,
    user_id: userId,
    ...(answered ? { reply_to: quoteOf(answered) } : {}),
    created_at: momentAfter(outbox.get().at(-1)),
    error: null,
  };
  if (file) takeFile(entry, file);
  put(entry, file);
  void runLane(conversationId);
}

/** Their order is that of their moments: no two have the same, whatever the clock does. */
function momentAfter(last: Unsent | undefined): string {
  const earliest = last ? Date.parse(last.created_at) + 1 : 0;
  return new Date(Math.max(Date.now(), earliest)).toISOString();
}

export function tryAgain(entry: Unsent): void {
  // The server keeps an upload that no message took for a day only.
  const { uploaded_id: _, ...anew } = entry;
  put({ ...anew, error: null, created_at: momentAfter(outbox.get().at(-1)) });
  void runLane(entry.conversation_id);
}

export function discard(clientMessageId: string): void {
  const entry = find(clientMessageId);
  if (entry) remove(entry);
}

/** One conversation's messages leave one after the other, whichever tab wrote them; repeating one is safe by its id. */
async function runLane(conversationId: string): Promise<void> {
  const user = ownerNow();
  if (user === null || lanes.has(conversationId)) return;
  lanes.add(conversationId);
  const lane = `unsent ${user} ${conversationId}`;
  try {
    for (let attempt = 0; ownerNow() === user;) {
      const end = await exclusively(lane, () => settleFirst(conversationId, user));
      if (end === "none") break;
      attempt = end === "settled" ? 0 : attempt + 1;
      if (end !== "settled") await pause(end.asked ?? retryDelay(attempt - 1));
    }
  } finally {
    lanes.delete(conversationId);
  }
  // One that was just written, or another sign-in, may have found this lane still busy.
  if (firstOf(conversationId)) void runLane(conversationId);
}

async function settleFirst(conversationId: string, user: string) {
  await refresh();
  const entry = firstOf(conversationId);
  if (!entry || ownerNow() !== user) return "none";
  // What may have arrived is repeated under its id.
  if (entry.has_left || Date.now() - Date.parse(entry.created_at) <= LATEST) return settle(entry);
  refuse(entry, { code: "written_long_ago", text: null });
  return "settled";
}

/** It was accepted, refused for good, or taken back; or it waits, for as long as the server asked. */
type Settled = "settled" | { asked: number | null };

async function settle(entry: Unsent): Promise<Settled> {
  try {
    await (entry.attachment ? uploadAndPost(entry) : post(entry));
    return "settled";
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "settled";
    if (!(error instanceof RequestError)) throw error;
    // After a 401 the session closes the outbox; the entry stays for the next sign-in.
    if (error.status === 401) return "settled";
    if (isTransient(error)) return { asked: error.retryAfter };
    // Another tab has sent it, with an upload of its own.
    if (error.code === "id_taken" && entry.attachment) remove(entry);
    refuse(entry, { code: error.code, text: null });
    return "settled";
  }
}

async function uploadAndPost(entry: Unsent): Promise<void> {
  if (entry.uploaded_id) return post(entry);
  const file = await fileOf(entry);
  if (!file) return refuse(entry, { code: "file_lost", text: null });
  const uploaded = { ...entry, uploaded_id: await uploadFile(entry, file) };
  // It may have been taken back in the meantime.
  if (!find(entry.client_message_id)) return;
  put(uploaded);
  await post(uploaded);
}

async function post(entry: Unsent): Promise<void> {
  // Before the request: a page that is closed meanwhile learns nothing of its answer.
  if (navigator.onLine && !entry.has_left) put({ ...entry, has_left: true });
  const path = `/api/conversations/${entry.conversation_id}/messages`;
  const message = await request<Message>("POST", path, requestOf(entry)).catch((error: unknown) => {
    if (error instanceof RequestError && error.reachedNobody && !entry.has_left) notLeft(entry);
    throw error;
  });
  chat.set((state) => applyMessage(state, message));
  remove(entry, message);
}

function notLeft({ client_message_id }: Unsent): void {
  const held = find(client_message_id);
  if (!held) return;
  const { has_left: _, ...still } = held;
  put(still);
}

function refuse({ client_message_id }: Unsent, error: Failure): void {
  const held = find(client_message_id);
  if (held) put({ ...held, error });
}
