import { exclusively } from "@/lib/exclusively";
import { createStore } from "@/lib/external-store";
import { isTransient, request, RequestError } from "@/lib/http";
import { newId } from "@/lib/new-id";
import { recall, recallAll, remember } from "@/lib/remembered";
import { pause, retryDelay } from "@/lib/retry";
import { applyMessage } from "./apply-answers";
import { chat } from "./chat-store";
import { quoteOf } from "./compose-target";
import type { Failure, Message } from "./types";
import { requestOf, type Outgoing, type Unsent } from "./unsent";
import { fileOf, forgetFile, stopUploads, takeFile, uploadFile } from "./uploads";

export type { Unsent } from "./unsent";

export const outbox = createStore<readonly Unsent[]>([]);

let owner: string | null = null;
const lanes = new Set<string>();

/** Each entry has its own key in localStorage, so that two tabs never overwrite each other's. */
const keyOf = (clientMessageId: string) => `unsent.${owner}.${clientMessageId}`;

/** Takes up what this user left unsent, here or in a page that was closed. */
export function openOutbox(userId: string): void {
  owner = userId;
  const left = recallAll<Unsent>(`unsent.${userId}.`);
  outbox.set(left.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).map(unseen));
  for (const entry of left) {
    if (entry.attachment) void showAgain(entry);
    void runLane(entry.conversation_id);
  }
}

export function closeOutbox(): void {
  owner = null;
  stopUploads();
  outbox.set([]);
}

export function send(
  conversationId: string,
  what: string | Outgoing,
  answered?: Message | null,
  file?: File,
): void {
  if (owner === null) throw new Error("Nobody is signed in to send as.");
  const entry: Unsent = {
    ...(typeof what === "string" ? { text: what } : what),
    client_message_id: newId(),
    conversation_id: conversationId,
    user_id: owner,
    ...(answered ? { reply_to: quoteOf(answered) } : {}),
    created_at: new Date().toISOString(),
    error: null,
  };
  if (file) takeFile(entry, file);
  put(entry);
  void runLane(conversationId);
}

export function tryAgain(entry: Unsent): void {
  // The server keeps an upload that no message took for a day only.
  const { uploaded_id: _, ...anew } = entry;
  put({ ...anew, error: null });
  void runLane(entry.conversation_id);
}

export function discard(clientMessageId: string): void {
  const entry = find(clientMessageId);
  remember(keyOf(clientMessageId), null);
  outbox.set((entries) => entries.filter((held) => held.client_message_id !== clientMessageId));
  if (entry?.attachment) forgetFile(entry);
}

const find = (clientMessageId: string) =>
  outbox.get().find((held) => held.client_message_id === clientMessageId);

function put(entry: Unsent): void {
  remember(keyOf(entry.client_message_id), entry);
  show(entry);
}

function show(entry: Unsent): void {
  outbox.set((entries) => {
    const at = entries.findIndex((held) => held.client_message_id === entry.client_message_id);
    return at < 0 ? [...entries, entry] : entries.with(at, entry);
  });
}

/** Until the browser has found its file again. */
const unseen = (entry: Unsent): Unsent =>
  entry.attachment ? { ...entry, attachment: { ...entry.attachment, state: "pending" } } : entry;

async function showAgain(entry: Unsent): Promise<void> {
  const file = await fileOf(entry);
  const held = find(entry.client_message_id);
  if (file && held) show({ ...held, attachment: entry.attachment! });
}

/** One conversation's messages leave one after the other; repeating one is safe by its id. */
async function runLane(conversationId: string): Promise<void> {
  if (lanes.has(conversationId)) return;
  lanes.add(conversationId);
  const runFor = owner;
  const next = () =>
    outbox.get().find((held) => held.conversation_id === conversationId && !held.error);
  try {
    for (let attempt = 0, entry = next(); entry && owner === runFor; entry = next()) {
      attempt = (await settle(entry)) ? 0 : attempt + 1;
      if (attempt > 0) await pause(retryDelay(attempt - 1));
    }
  } finally {
    lanes.delete(conversationId);
  }
  // Another sign-in may have found this lane still busy with the last one's wait.
  if (owner !== runFor && next()) void runLane(conversationId);
}

/** True when the entry is settled: accepted, refused for good, or taken back. */
async function settle(entry: Unsent): Promise<boolean> {
  const key = keyOf(entry.client_message_id);
  try {
    // Two uploads would make two different messages under one id.
    return entry.attachment
      ? await exclusively(key, () => uploadAndPost(recall<Unsent>(key) ?? entry))
      : await post(entry);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return true;
    if (!(error instanceof RequestError)) throw error;
    // After a 401 the session closes the outbox; the entry stays for the next sign-in.
    if (error.status === 401) return true;
    if (isTransient(error)) return false;
    // Another tab has sent it, with an upload of its own.
    if (error.code === "id_taken" && entry.attachment) discard(entry.client_message_id);
    refuse(entry, { code: error.code, text: null });
    return true;
  }
}

async function uploadAndPost(entry: Unsent): Promise<boolean> {
  if (entry.uploaded_id) return post(entry);
  const file = await fileOf(entry);
  if (!file) {
    refuse(entry, { code: "file_lost", text: null });
    return true;
  }
  const uploaded = { ...entry, uploaded_id: await uploadFile(entry, file) };
  // It may have been taken back in the meantime.
  if (!find(entry.client_message_id)) return true;
  put(uploaded);
  return post(uploaded);
}

async function post(entry: Unsent): Promise<boolean> {
  const path = `/api/conversations/${entry.conversation_id}/messages`;
  const message = await request<Message>("POST", path, requestOf(entry));
  chat.set((state) => applyMessage(state, message));
  discard(entry.client_message_id);
  return true;
}

function refuse({ client_message_id }: Unsent, error: Failure): void {
  const held = find(client_message_id);
  if (held) put({ ...held, error });
}
