import {
  compareConversations,
  compareMessages,
  EMPTY_THREAD,
  type ChatState,
  type Thread,
} from "./state";
import type {
  AroundPage,
  Contact,
  Conversation,
  GroupDetails,
  Instance,
  Message,
  Page,
  User,
} from "./types";

type MessagePage = Page<Message>;

/** The rows of a thread are added up anew with each page: more would be felt. */
const MOST_HELD = 1_000;
const KEPT = 750;

/** Each outlives the lists that were loaded before it. */
const MOST_DELETED = 1_000;

/** Copies what it changes, once, so that a burst of a thousand events costs one copy. */
export class StateDraft {
  #next: { -readonly [K in keyof ChatState]: ChatState[K] };
  #conversations: Map<string, Conversation> | null = null;
  #order: string[] | null = null;
  #threads: Map<string, Thread> | null = null;
  #contacts: Map<string, Contact> | null = null;
  #instances: Map<string, Instance> | null = null;
  #changed = false;

  constructor(private readonly base: ChatState) {
    this.#next = { ...base };
  }

  finish(): ChatState {
    return this.#changed ? this.#next : this.base;
  }

  set<K extends "seq" | "listLoaded" | "listCursor" | "listEnd" | "instancesLoaded">(
    key: K,
    value: ChatState[K],
  ): void {
    if (this.#next[key] === value) return;
    this.#next[key] = value;
    this.#changed = true;
  }

  /** The threads are loaded afresh when they are shown again. */
  join(joinedId: string | null, conversation: Conversation, seq: number): void {
    if (joinedId) this.forward(joinedId, conversation.id);
    this.putConversation(conversation);
    if ((this.#next.rewritten.get(conversation.id) ?? 0) >= seq) return;
    this.#next.rewritten = new Map(this.#next.rewritten).set(conversation.id, seq);
    this.#changed = true;
    this.#dropThread(conversation.id);
  }

  /** From here on the one is part of the other. */
  forward(joinedId: string, id: string): void {
    if (this.#next.joined.has(joinedId)) return;
    const into = this.#next.joined.get(id) ?? id;
    const joined = new Map(this.#next.joined).set(joinedId, into);
    for (const [from, to] of joined) if (to === joinedId) joined.set(from, into);
    this.#next.joined = joined;
    this.#changed = true;
    this.#dropThread(joinedId);
    if (!this.#writableConversations().delete(joinedId)) return;
    this.#next.order = this.#order = this.#next.order.filter((held) => held !== joinedId);
  }

  putConversation(conversation: Conversation): void {
    if (this.#next.joined.has(conversation.id)) return;
    const held = this.#next.conversations.get(conversation.id);
    if (held && held.version >= conversation.version) return;
    this.#writableConversations().set(conversation.id, conversation);
    if (held?.last_activity_at === conversation.last_activity_at) return;
    this.#reorder(conversation, held);
  }

  putUser(user: User): void {
    const held = this.#next.users.get(user.id);
    if (held && held.version >= user.version) return;
    this.#next.users = new Map(this.#next.users).set(user.id, user);
    this.#changed = true;
  }

  putContact(contact: Contact): void {
    const held = this.#next.contacts.get(contact.id);
    if (held && held.version >= contact.version) return;
    this.#contacts ??= new Map(this.base.contacts);
    this.#contacts.set(contact.id, contact);
    this.#next.contacts = this.#contacts;
    this.#changed = true;
  }

  /** With the people who are in it. */
  putGroup(group: GroupDetails): void {
    for (const { contact } of group.participants) this.putContact(contact);
    this.#next.groups = new Map(this.#next.groups).set(group.id, group);
    this.#changed = true;
  }

  putInstance(instance: Instance): void {
    const held = this.#next.instances.get(instance.id);
    if (held && held.version >= instance.version) return;
    this.#instances ??= new Map(this.base.instances);
    this.#instances.set(instance.id, instance);
    this.#next.instances = this.#instances;
    this.#changed = true;
  }

  advance(seq: number): void {
    if (seq > this.#next.seq) this.set("seq", seq);
  }

  openThread(conversationId: string): void {
    if (this.#next.joined.has(conversationId)) return;
    if (!this.#next.threads.has(conversationId)) this.#putThread(conversationId, EMPTY_THREAD);
  }

  /** A message of an unopened thread, or from outside its loaded part, comes with its page. */
  putMessage(message: Message): void {
    this.#refreshPreview(message);
    const thread = this.#next.threads.get(message.conversation_id);
    if (!thread) return;
    if (message.deleted_at) this.#remember(message.id);
    const first = thread.messages[0];
    const last = thread.messages.at(-1);
    if (thread.olderCursor && first && compareMessages(message, first) < 0) return;
    if (thread.detached && last && compareMessages(message, last) > 0) return;
    const messages = withMessage(thread.messages, message);
    if (messages !== thread.messages)
      this.#putThread(message.conversation_id, { ...thread, messages });
  }

  putNewest(conversationId: string, page: MessagePage): void {
    if (this.#isOfBefore(conversationId, page)) return;
    const there = this.#next.threads.get(conversationId) ?? EMPTY_THREAD;
    const held = there.detached ? EMPTY_THREAD : there;
    const thread = held.loaded ? held : startAt(held, page);
    const messages = page.items.reduce(withMessage, thread.messages);
    if (held.loaded && messages === held.messages) return;
    this.#putThread(conversationId, { ...thread, messages });
  }

  /** Another part may have taken the thread's place meanwhile: it would have a hole, or lose what the agent went to. */
  putOlder(conversationId: string, page: MessagePage, before: string): void {
    const thread = this.#next.threads.get(conversationId);
    if (thread?.olderCursor === before && !this.#isOfBefore(conversationId, page))
      this.#prepend(conversationId, thread, page);
  }

  /** As with older ones, only where they still go on from what is held. */
  putNewer(conversationId: string, page: AroundPage, after: string): void {
    const thread = this.#next.threads.get(conversationId);
    const goesOn = thread?.detached && thread.messages.at(-1)?.id === after;
    if (goesOn && !this.#isOfBefore(conversationId, page))
      this.#append(conversationId, thread, page);
  }

  /** Goes on with what is held where it reaches into it, and takes its place where it doesn't. */
  putAround(conversationId: string, page: AroundPage): void {
    const thread = this.#next.threads.get(conversationId);
    if (!thread || this.#isOfBefore(conversationId, page)) return;
    const holds = (one: Message | undefined) => page.items.some(({ id }) => id === one?.id);
    if (holds(thread.messages.at(-1))) this.#append(conversationId, thread, page);
    else if (holds(thread.messages[0])) this.#prepend(conversationId, thread, page);
    else {
      const { items: messages, next_cursor: olderCursor } = page;
      const detached = page.newer_cursor !== null;
      this.#putThread(conversationId, { messages, olderCursor, detached, loaded: true });
    }
  }

  #prepend(conversationId: string, thread: Thread, page: MessagePage): void {
    const first = thread.messages[0];
    // One by one they would be looked for among all that are held.
    const older = page.items.filter((one) => !first || compareMessages(one, first) < 0);
    const all = [...older, ...thread.messages];
    const detached = thread.detached || all.length > MOST_HELD;
    const messages = all.length > MOST_HELD ? all.slice(0, KEPT) : all;
    const olderCursor = page.next_cursor;
    this.#putThread(conversationId, { ...thread, messages, olderCursor, detached });
  }

  #append(conversationId: string, thread: Thread, page: AroundPage): void {
    const last = thread.messages.at(-1)!;
    const newer = page.items.filter((one) => compareMessages(one, last) > 0);
    const detached = page.newer_cursor !== null;
    const all = { ...thread, messages: [...thread.messages, ...newer], detached };
    // The page has some from before it too, and says where it begins.
    const kept = { ...all, messages: page.items, olderCursor: page.next_cursor };
    this.#putThread(conversationId, all.messages.length > MOST_HELD ? kept : all);
  }

  #isOfBefore(conversationId: string, page: MessagePage): boolean {
    const { joined, rewritten } = this.#next;
    return joined.has(conversationId) || page.seq < (rewritten.get(conversationId) ?? 0);
  }

  #remember(deletedId: string): void {
    const { deleted } = this.#next;
    if (deleted.has(deletedId)) return;
    this.#next.deleted = new Set([...deleted, deletedId].slice(-MOST_DELETED));
    this.#changed = true;
  }

  #dropThread(conversationId: string): void {
    if (!this.#next.threads.has(conversationId)) return;
    this.#threads ??= new Map(this.base.threads);
    this.#threads.delete(conversationId);
    this.#next.threads = this.#threads;
  }

  #refreshPreview(message: Message): void {
    const conversation = this.#next.conversations.get(message.conversation_id);
    const last = conversation?.last_message;
    if (!conversation || last?.id !== message.id || last.version >= message.version) return;
    const refreshed = { ...conversation, last_message: message };
    this.#writableConversations().set(conversation.id, refreshed);
  }

  #putThread(conversationId: string, thread: Thread): void {
    this.#threads ??= new Map(this.base.threads);
    this.#threads.set(conversationId, thread);
    this.#next.threads = this.#threads;
    this.#changed = true;
  }

  #writableConversations(): Map<string, Conversation> {
    this.#conversations ??= new Map(this.base.conversations);
    this.#next.conversations = this.#conversations;
    this.#changed = true;
    return this.#conversations;
  }

  #reorder(conversation: Conversation, held: Conversation | undefined): void {
    this.#order ??= [...this.base.order];
    this.#next.order = this.#order;
    const order = this.#order;
    if (held) order.splice(order.indexOf(held.id), 1);
    const conversations = this.#next.conversations;
    const at = lowerBound(order, (id) =>
      compareConversations(conversations.get(id)!, conversation),
    );
    order.splice(at, 0, conversation.id);
  }
}

/** What events brought from before the newest page would leave a hole, unless the page is all. */
function startAt(thread: Thread, page: MessagePage): Thread {
  const first = page.items[0];
  const messages =
    page.next_cursor && first
      ? thread.messages.filter((message) => compareMessages(message, first) >= 0)
      : thread.messages;
  return { messages, olderCursor: page.next_cursor, detached: false, loaded: true };
}

function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const index = messages.findLastIndex((held) => held.id === message.id);
  if (index < 0) {
    const at = lowerBound(messages, (held) => compareMessages(held, message));
    return messages.toSpliced(at, 0, message);
  }
  return messages[index]!.version >= message.version ? messages : messages.with(index, message);
}

/** The first index whose element doesn't come before what is looked for. */
function lowerBound<T>(sorted: readonly T[], compare: (element: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle]!) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
