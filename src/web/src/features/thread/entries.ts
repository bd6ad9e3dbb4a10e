import type { Unsent } from "@/chat/outbox";
import { compareMessages } from "@/chat/state";
import type { Message } from "@/chat/types";
import { startOfDay } from "@/lib/dates";

/** One bubble: what the server has, or what still waits to reach it. */
export interface Entry {
  /** Stays the same when the server's message takes the place of the optimistic one. */
  key: string;
  message: Message;
  unsent: Unsent | null;
  at: Date;
  day: number;
  startsDay: boolean;
  /** First and last of an unbroken run of one speaker. */
  first: boolean;
  last: boolean;
}

const RUN_BREAK = 10 * 60_000;

// A new message must not cost the drawing, nor the date, of the ten thousand before it.
const drawn = new WeakMap<Message, Entry>();
const stands = new WeakMap<Unsent, Message>();

export function entriesOf(messages: readonly Message[], unsent: readonly Unsent[]): Entry[] {
  const known = new Set(messages.slice(-200).map((message) => message.client_message_id));
  const waiting = unsent.filter((entry) => !known.has(entry.client_message_id));
  const rows = [
    ...messages.map((message) => entryOf(message, null)),
    ...waiting.map((entry) => entryOf(standIn(entry), entry)),
  ];
  return rows.map((row, index) => {
    const startsDay = rows[index - 1]?.day !== row.day;
    const first = startsDay || !sameRun(rows[index - 1], row);
    const last = !sameRun(row, rows[index + 1]);
    if (row.startsDay === startsDay && row.first === first && row.last === last) return row;
    const placed = { ...row, startsDay, first, last };
    drawn.set(row.message, placed);
    return placed;
  });
}

function entryOf(message: Message, unsent: Unsent | null): Entry {
  const held = drawn.get(message);
  if (held) return held;
  const at = new Date(message.sent_at);
  const key = message.client_message_id ?? message.id;
  const place = { startsDay: false, first: false, last: false };
  const entry = { key, message, unsent, at, day: startOfDay(at), ...place };
  drawn.set(message, entry);
  return entry;
}

function standIn(entry: Unsent): Message {
  const message = stands.get(entry) ?? asMessage(entry);
  stands.set(entry, message);
  return message;
}

function sameRun(a: Entry | undefined, b: Entry | undefined): boolean {
  if (!a || !b) return false;
  return (
    a.message.direction === b.message.direction &&
    a.message.sender?.id === b.message.sender?.id &&
    a.message.sender?.kind === b.message.sender?.kind &&
    a.day === b.day &&
    b.at.getTime() - a.at.getTime() < RUN_BREAK
  );
}

function asMessage(entry: Unsent): Message {
  return {
    id: entry.client_message_id,
    conversation_id: entry.conversation_id,
    wa_id: null,
    client_message_id: entry.client_message_id,
    direction: "out",
    type: "text",
    text: entry.text,
    status: entry.error ? "failed" : "queued",
    error: entry.error,
    sent_at: entry.created_at,
    arrival: Number.MAX_SAFE_INTEGER,
    sender: { kind: "user", id: entry.user_id, name: null },
    edited_at: null,
    deleted_at: null,
    version: 0,
  };
}

/** How many of the contact's messages came after the one last seen at the end. */
export function newSince(entries: readonly Entry[], seen: Message | null): number {
  if (!seen) return 0;
  let count = 0;
  for (let i = entries.length - 1; i >= 0; i--) {
    const { message } = entries[i]!;
    if (compareMessages(message, seen) <= 0) break;
    if (message.direction === "in") count++;
  }
  return count;
}
