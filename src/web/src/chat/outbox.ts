import { createStore } from "@/lib/external-store";
import { isTransient, request, RequestError } from "@/lib/http";
import { newId } from "@/lib/new-id";
import { recallAll, remember } from "@/lib/remembered";
import { pause, retryDelay } from "@/lib/retry";
import { applyMessage } from "./apply-answers";
import { chat } from "./chat-store";
import { quoteOf } from "./compose-target";
import type { Failure, Message, Quote } from "./types";

/** A message that the server has not acknowledged yet. */
export interface Unsent {
  client_message_id: string;
  conversation_id: string;
  user_id: string;
  text: string;
  /** What it answers. */
  reply_to?: Quote;
  created_at: string;
  /** Why the server refused it; null while it is being sent. */
  error: Failure | null;
}

export const outbox = createStore<readonly Unsent[]>([]);

let owner: string | null = null;
const lanes = new Set<string>();

/** Each entry has its own key in localStorage, so that two tabs never overwrite each other's. */
const keyOf = (clientMessageId: string) => `unsent.${owner}.${clientMessageId}`;

/** Takes up what this user left unsent, here or in a page that was closed. */
export function openOutbox(userId: string): void {
  owner = userId;
  const left = recallAll<Unsent>(`unsent.${userId}.`);
  outbox.set(left.toSorted((a, b) => a.created_at.localeCompare(b.created_at)));
  for (const entry of left) void runLane(entry.conversation_id);
}

export function closeOutbox(): void {
  owner = null;
  outbox.set([]);
}

export function send(conversationId: string, text: string, answered?: Message): void {
  if (owner === null) throw new Error("Nobody is signed in to send as.");
  const entry: Unsent = {
    client_message_id: newId(),
    conversation_id: conversationId,
    user_id: owner,
    text,
    ...(answered ? { reply_to: quoteOf(answered) } : {}),
    created_at: new Date().toISOString(),
    error: null,
  };
  put(entry);
  void runLane(conversationId);
}

export function tryAgain(entry: Unsent): void {
  put({ ...entry, error: null });
  void runLane(entry.conversation_id);
}

export function discard(clientMessageId: string): void {
  remember(keyOf(clientMessageId), null);
  outbox.set((entries) => entries.filter((held) => held.client_message_id !== clientMessageId));
}

function put(entry: Unsent): void {
  remember(keyOf(entry.client_message_id), entry);
  outbox.set((entries) => {
    const at = entries.findIndex((held) => held.client_message_id === entry.client_message_id);
    return at < 0 ? [...entries, entry] : entries.with(at, entry);
  });
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
      attempt = (await post(entry)) ? 0 : attempt + 1;
      if (attempt > 0) await pause(retryDelay(attempt - 1));
    }
  } finally {
    lanes.delete(conversationId);
  }
  // Another sign-in may have found this lane still busy with the last one's wait.
  if (owner !== runFor && next()) void runLane(conversationId);
}

/** True when the entry is settled: accepted, or refused for good. */
async function post(entry: Unsent): Promise<boolean> {
  const { client_message_id, conversation_id, text, reply_to } = entry;
  try {
    const message = await request<Message>(
      "POST",
      `/api/conversations/${conversation_id}/messages`,
      {
        client_message_id,
        type: "text",
        text,
        ...(reply_to ? { reply_to: reply_to.message_id } : {}),
      },
    );
    chat.set((state) => applyMessage(state, message));
    discard(client_message_id);
    return true;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    // After a 401 the session closes the outbox; the entry stays for the next sign-in.
    if (error.status === 401) return true;
    if (isTransient(error)) return false;
    put({ ...entry, error: { code: error.code, text: error.message } });
    return true;
  }
}
