import { contentOf } from "@/chat/content";
import type { Unsent } from "@/chat/outbox";
import { compareMessages, type Thread } from "@/chat/state";
import type { Message } from "@/chat/types";
import { startOfDay } from "@/lib/dates";

/** One bubble: what the server has, or what still waits to reach it. */
export interface Entry {
  /** Stays the same when the server's message takes the place of the optimistic one. */
  key: string;
  message: Message;
  unsent: Unsent | null;
  at: Date;
  startsDay: boolean;
  /** First and last of an unbroken run of one speaker. */
  first: boolean;
  last: boolean;
}

const RUN_BREAK = 10 * 60_000;

// An entry that is as it was stays the same object: its bubble isn't drawn again.
const drawn = new WeakMap<Message, Entry>();
const moments = new WeakMap<Message, Moment>();
const stands = new WeakMap<Unsent, Message>();

interface Moment {
  at: Date;
  day: number;
}

/** The bubbles of a thread, each made when it comes into view: fifty thousand above it cost nothing. */
export class Entries {
  readonly length: number;
  readonly #messages: readonly Message[];
  readonly #waiting: readonly Unsent[];
  // Asked for each of the thread whenever one is measured.
  readonly #keys: readonly string[];

  constructor(messages: readonly Message[], unsent: readonly Unsent[]) {
    const known = new Set(messages.slice(-200).map((message) => message.client_message_id));
    this.#messages = messages;
    this.#waiting = unsent.filter((entry) => !known.has(entry.client_message_id));
    this.length = messages.length + this.#waiting.length;
    this.#keys = [...messages.map(keyOf), ...this.#waiting.map((entry) => entry.client_message_id)];
  }

  messageAt(index: number): Message | undefined {
    if (index < this.#messages.length) return this.#messages[index];
    const waiting = this.#waiting[index - this.#messages.length];
    return waiting && standIn(waiting);
  }

  keyAt(index: number): string {
    return this.#keys[index]!;
  }

  at(index: number): Entry {
    const message = this.messageAt(index)!;
    const previous = this.messageAt(index - 1);
    const next = this.messageAt(index + 1);
    const { at, day } = momentOf(message);
    const startsDay = !previous || momentOf(previous).day !== day;
    const first = !sameRun(previous, message);
    const last = !sameRun(message, next);
    const held = drawn.get(message);
    if (held?.startsDay === startsDay && held.first === first && held.last === last) return held;
    const unsent = this.#waiting[index - this.#messages.length] ?? null;
    const entry = { key: this.keyAt(index), message, unsent, at, startsDay, first, last };
    drawn.set(message, entry);
    return entry;
  }
}

const keyOf = ({ client_message_id, id }: Message) => client_message_id ?? id;

function momentOf(message: Message): Moment {
  const held = moments.get(message);
  if (held) return held;
  const at = new Date(message.sent_at);
  const moment = { at, day: startOfDay(at) };
  moments.set(message, moment);
  return moment;
}

function standIn(entry: Unsent): Message {
  const message = stands.get(entry) ?? asMessage(entry);
  stands.set(entry, message);
  return message;
}

function sameRun(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b) return false;
  const [before, after] = [momentOf(a), momentOf(b)];
  return (
    !standsAlone(a) &&
    !standsAlone(b) &&
    a.direction === b.direction &&
    a.sender?.id === b.sender?.id &&
    a.sender?.kind === b.sender?.kind &&
    before.day === after.day &&
    after.at.getTime() - before.at.getTime() < RUN_BREAK
  );
}

/** A line of its own in the middle of the thread, which nobody says. */
export const standsAlone = ({ type }: Message) => type === "system" || type === "call";

function asMessage(entry: Unsent): Message {
  return {
    id: entry.client_message_id,
    conversation_id: entry.conversation_id,
    wa_id: null,
    client_message_id: entry.client_message_id,
    direction: "out",
    type: entry.type ?? "text",
    text: entry.text || null,
    content: entry.content ?? null,
    status: entry.error ? "failed" : "queued",
    error: entry.error,
    sent_at: entry.created_at,
    arrival: Number.MAX_SAFE_INTEGER,
    sender: { kind: "user", id: entry.user_id, name: null },
    reply_to: entry.reply_to ?? null,
    mentions: entry.mentions ?? [],
    reactions: [],
    attachments: entry.attachment ? [entry.attachment] : [],
    edits: [],
    edited_at: null,
    deleted_at: null,
    change: null,
    version: 0,
  };
}

/** What stood for a change that couldn't be read, and is shown at its message by now: in the list it may be the last word. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(["reacted", "changed"]);

const isDrawn = (message: Message) =>
  message.type !== "system" || !SHOWN_ELSEWHERE.has(contentOf(message, "system")?.event ?? "");

/** The thread without what is drawn nowhere in it. */
export const drawnOf = (thread: Thread): Thread =>
  thread.messages.every(isDrawn)
    ? thread
    : { ...thread, messages: thread.messages.filter(isDrawn) };

/** How many of the contact's messages came after the one last seen at the end. */
export function newSince(entries: Entries, seen: Message | null): number {
  if (!seen) return 0;
  let count = 0;
  for (let i = entries.length - 1; i >= 0; i--) {
    const message = entries.messageAt(i)!;
    if (compareMessages(message, seen) <= 0) break;
    if (message.direction === "in") count++;
  }
  return count;
}
