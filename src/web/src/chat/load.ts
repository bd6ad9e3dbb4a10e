import { asSameUser, request, RequestError } from "@/lib/http";
import { pause, untilAnswered } from "@/lib/retry";
import {
  applyAround,
  applyConversation,
  applyConversations,
  applyForwarded,
  applyGroup,
  applyInstances,
  applyMessage,
  applyNewer,
  applyNewest,
  applyOlder,
  applyOpened,
} from "./apply-answers";
import { applyIfCurrent, chat } from "./chat-store";
import { joinDrafts } from "./drafts";
import type {
  AroundPage,
  Conversation,
  ConversationStatus,
  GroupDetails,
  Instance,
  Message,
  Page,
} from "./types";

const PAGE = 50;
const AROUND = 200;

/** Many may come into a group within a second, and each of them changes it. */
const GROUP_REST = 1_000;

const get = <T>(path: string, signal?: AbortSignal) =>
  untilAnswered(() => request<T>("GET", path, undefined, signal), signal);

const underWay = new Set<string>();

/** Scrolling asks for the same page many times before it is there. */
async function once(key: string, load: () => Promise<void>): Promise<void> {
  if (underWay.has(key)) return;
  underWay.add(key);
  try {
    await load();
  } finally {
    underWay.delete(key);
  }
}

export async function loadConversations(cursor: string | null = null): Promise<void> {
  const { epoch } = chat.get();
  await once(`list ${epoch} ${cursor}`, async () => {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor ? { cursor } : {}) });
    const page = await get<Page<Conversation>>(`/api/conversations?${query}`);
    applyIfCurrent(epoch, (state) => applyConversations(state, page, true));
  });
}

export async function searchConversations(q: string, signal: AbortSignal): Promise<string[]> {
  const { epoch } = chat.get();
  const query = new URLSearchParams({ q, limit: String(PAGE) });
  const page = await get<Page<Conversation>>(`/api/conversations?${query}`, signal);
  applyIfCurrent(epoch, (state) => applyConversations(state, page, false));
  return page.items.map((conversation) => conversation.id);
}

export async function loadConversation(id: string): Promise<void> {
  const { epoch } = chat.get();
  const conversation = await get<Conversation>(`/api/conversations/${id}`);
  if (conversation.id !== id) joinDrafts(id, conversation.id);
  applyIfCurrent(epoch, (state) =>
    conversation.id === id
      ? applyConversation(state, conversation)
      : applyForwarded(state, id, conversation),
  );
}

export async function loadThread(id: string): Promise<void> {
  const { epoch } = chat.get();
  chat.set((state) => applyOpened(state, id));
  const page = await get<Page<Message>>(`/api/conversations/${id}/messages?limit=${PAGE}`);
  applyIfCurrent(epoch, (state) => applyNewest(state, id, page));
}

export async function loadOlder(id: string, limit = PAGE): Promise<void> {
  const { epoch, threads } = chat.get();
  const before = threads.get(id)?.olderCursor;
  if (!before) return;
  await once(`older ${epoch} ${id} ${before}`, async () => {
    const query = new URLSearchParams({ before, limit: String(limit) });
    const page = await get<Page<Message>>(`/api/conversations/${id}/messages?${query}`);
    applyIfCurrent(epoch, (state) => applyOlder(state, id, page, before));
  });
}

/** The part of the thread where this message is; false where it is nowhere. */
export async function loadAround(
  id: string,
  messageId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { epoch } = chat.get();
  const page = await pageAround(id, messageId, AROUND, signal);
  if (!page) return false;
  applyIfCurrent(epoch, (state) => applyAround(state, id, page));
  await catchUp(id, page);
  return true;
}

export async function loadNewer(id: string): Promise<void> {
  const { epoch, threads } = chat.get();
  const thread = threads.get(id);
  const last = thread?.messages.at(-1);
  if (!thread?.detached || !last) return;
  await once(`newer ${epoch} ${id} ${last.id}`, async () => {
    const page = await pageAround(id, last.id, 2 * PAGE);
    if (!page) return;
    applyIfCurrent(epoch, (state) => applyNewer(state, id, page, last.id));
    await catchUp(id, page);
  });
}

async function pageAround(id: string, messageId: string, limit: number, signal?: AbortSignal) {
  const query = new URLSearchParams({ around: messageId, limit: String(limit) });
  try {
    return await get<AroundPage>(`/api/conversations/${id}/messages?${query}`, signal);
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return null;
    throw error;
  }
}

/** What came while the last page was under way wasn't taken up. */
async function catchUp(id: string, page: AroundPage): Promise<void> {
  if (!page.newer_cursor) await loadThread(id);
}

export async function loadInstances(): Promise<void> {
  const { epoch } = chat.get();
  const page = await get<Page<Instance>>("/api/instances");
  applyIfCurrent(epoch, (state) => applyInstances(state, page.items));
}

/** Who is in it: at once where nothing is known yet, else a moment after the last change. */
export async function loadGroup(id: string, signal: AbortSignal): Promise<void> {
  const { epoch, groups } = chat.get();
  if (groups.has(id)) await pause(GROUP_REST, signal);
  signal.throwIfAborted();
  const group = await get<GroupDetails>(`/api/groups/${id}`, signal);
  applyIfCurrent(epoch, (state) => applyGroup(state, group));
}

export const markRead = (id: string) => request<void>("POST", `/api/conversations/${id}/read`);

export async function startConversation(instance_id: string, phone: string): Promise<string> {
  const { epoch } = chat.get();
  const started = await request<Conversation>("POST", "/api/conversations", { instance_id, phone });
  applyIfCurrent(epoch, (state) => applyConversation(state, started));
  return started.id;
}

export async function setStatus(id: string, status: ConversationStatus): Promise<void> {
  const { epoch } = chat.get();
  const changed = await request<Conversation>("PATCH", `/api/conversations/${id}`, { status });
  applyIfCurrent(epoch, (state) => applyConversation(state, changed));
}

export async function settle(messageId: string, how: "resend" | "dismiss"): Promise<void> {
  const { epoch } = chat.get();
  const message = await untilAnswered(
    asSameUser(() => request<Message | undefined>("POST", `/api/messages/${messageId}/${how}`)),
  );
  if (message) applyIfCurrent(epoch, (state) => applyMessage(state, message));
}
