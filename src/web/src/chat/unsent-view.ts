import { createStore } from "@/lib/external-store";
import { otherTabs } from "@/lib/other-tabs";
import { applyMessage } from "./apply-answers";
import { chat } from "./chat-store";
import { localContent } from "./local-content";
import { currentId } from "./state";
import type { Message } from "./types";
import type { Unsent } from "./unsent";
import { dropUnsent, keepUnsent, unsentOf } from "./unsent-store";
import { fileOf, forgetFile } from "./uploads";

/** What whoever is signed in has not sent yet, here and in other tabs, the oldest first. */
export const outbox = createStore<readonly Unsent[]>([]);

let owner: string | null = null;
/** Counts what this page changed: what was read meanwhile is of before. */
let changes = 0;

/** What another tab wrote, sent or took back, and the message that it became. */
const tabs = otherTabs<{ userId: string; message: Message | null }>("unsent");

export const ownerNow = () => owner;

export function showUnsentOf(userId: string | null): void {
  owner = userId;
  outbox.set([]);
}

export function onChangedElsewhere(then: () => void): void {
  tabs.onTold(({ userId, message }) => {
    if (userId !== owner) return;
    if (message) chat.set((state) => applyMessage(state, message));
    then();
  });
}

export const find = (clientMessageId: string) =>
  outbox.get().find((held) => held.client_message_id === clientMessageId);

/** The one that leaves next. */
export function firstOf(conversationId: string): Unsent | undefined {
  const id = now(conversationId);
  return outbox.get().find((held) => now(held.conversation_id) === id && !held.error);
}

/** Two conversations that are one by now have one order. */
const now = (conversationId: string) => currentId(chat.get(), conversationId);

/** With its file the first time. */
export function put(entry: Unsent, file?: File): void {
  show(entry);
  told(entry, keepUnsent(entry, file));
}

/** Taken back, or sent: then with the message that it became. */
export function remove(entry: Unsent, message: Message | null = null): void {
  const id = entry.client_message_id;
  outbox.set((entries) => entries.filter((held) => held.client_message_id !== id));
  if (entry.attachment) forgetFile(entry);
  told(entry, dropUnsent(id), message);
}

function told({ user_id: userId }: Unsent, done: Promise<void>, message: Message | null = null) {
  changes++;
  void done.then(() => tabs.tell({ userId, message }));
}

function show(entry: Unsent): void {
  outbox.set((entries) => {
    const at = entries.findIndex((held) => held.client_message_id === entry.client_message_id);
    return at < 0 ? [...entries, entry] : entries.with(at, entry);
  });
}

/** What is kept is what there is: other tabs write, send and take back, too. */
export async function refresh(): Promise<void> {
  const user = owner;
  if (user === null) return;
  let [before, kept] = [-1, [] as Unsent[]];
  while (before !== changes) {
    before = changes;
    kept = await unsentOf(user, outbox.get);
    if (owner !== user) return;
  }
  const [held, left] = [outbox.get(), new Set(kept.map((entry) => entry.client_message_id))];
  for (const entry of held) {
    if (entry.attachment && !left.has(entry.client_message_id)) forgetFile(entry);
  }
  const next = kept.map((entry) => sameAs(find(entry.client_message_id), unseen(entry)));
  if (next.length !== held.length || next.some((entry, at) => entry !== held[at])) outbox.set(next);
  for (const entry of kept) if (unseen(entry) !== entry) void showAgain(entry);
}

/** A bubble whose entry is as it was isn't drawn again. */
const sameAs = (held: Unsent | undefined, entry: Unsent) =>
  held && JSON.stringify(held) === JSON.stringify(entry) ? held : entry;

/** Until the browser has found its file again. */
const unseen = (entry: Unsent): Unsent =>
  entry.attachment && !localContent(entry.attachment.id)
    ? { ...entry, attachment: { ...entry.attachment, state: "pending" } }
    : entry;

async function showAgain(entry: Unsent): Promise<void> {
  const file = await fileOf(entry);
  const held = find(entry.client_message_id);
  if (file && held) show({ ...held, attachment: entry.attachment! });
}
