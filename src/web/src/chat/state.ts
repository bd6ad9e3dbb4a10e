import type { Contact, Conversation, GroupDetails, Instance, Message, User } from "./types";

export interface Thread {
  /** Oldest first, without holes. */
  readonly messages: readonly Message[];
  /** Leads to what lies before the first message; null at the beginning of the conversation. */
  readonly olderCursor: string | null;
  /** Newer ones than the last message are not held: it is a part of the history. */
  readonly detached: boolean;
  /** False while only events have filled it. */
  readonly loaded: boolean;
}

export interface ChatState {
  /** The last event applied: where the live stream resumes. */
  readonly seq: number;
  /** Counts resets. An answer that was asked for in an earlier epoch is dropped. */
  readonly epoch: number;
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Ids of all known conversations, newest activity first. */
  readonly order: readonly string[];
  readonly listLoaded: boolean;
  readonly listCursor: string | null;
  /** The activity of the last conversation that the pages loaded so far reach. */
  readonly listEnd: string;
  /** Only of conversations that were opened. */
  readonly threads: ReadonlyMap<string, Thread>;
  /** Of conversations that are part of another one now: its id. */
  readonly joined: ReadonlyMap<string, string>;
  /** When messages got new places or senders: a page of before is dropped, and asked for again. */
  readonly rewritten: ReadonlyMap<string, number>;
  /** Messages of opened conversations that turned out to be deleted, the last ones: a list of before may still have them. */
  readonly deleted: ReadonlySet<string>;
  /** People whose groups were opened, or who changed since the page was loaded. */
  readonly contacts: ReadonlyMap<string, Contact>;
  /** Of those that were opened, as the server last told of them. */
  readonly groups: ReadonlyMap<string, GroupDetails>;
  readonly instances: ReadonlyMap<string, Instance>;
  readonly instancesLoaded: boolean;
  /** Only of users that changed since the page was loaded. */
  readonly users: ReadonlyMap<string, User>;
}

export const EMPTY_THREAD: Thread = {
  messages: [],
  olderCursor: null,
  detached: false,
  loaded: false,
};

export function emptyState(epoch = 0, seq = 0): ChatState {
  return {
    seq,
    epoch,
    conversations: new Map(),
    order: [],
    listLoaded: false,
    listCursor: null,
    listEnd: "",
    threads: new Map(),
    joined: new Map(),
    rewritten: new Map(),
    deleted: new Set(),
    contacts: new Map(),
    groups: new Map(),
    instances: new Map(),
    instancesLoaded: false,
    users: new Map(),
  };
}

/** The conversation that an id stands for now. */
export const currentId = (state: ChatState, id: string) => state.joined.get(id) ?? id;

export function compareMessages(a: Message, b: Message): number {
  return Date.parse(a.sent_at) - Date.parse(b.sent_at) || a.arrival - b.arrival;
}

export function compareConversations(a: Conversation, b: Conversation): number {
  return Date.parse(b.last_activity_at) - Date.parse(a.last_activity_at) || (a.id < b.id ? 1 : -1);
}
