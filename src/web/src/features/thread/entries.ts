import type { Unsent } from "@/chat/outbox";
import { compareMessages } from "@/chat/state";
import type { Message } from "@/chat/types";
import { isSameDay } from "@/lib/dates";

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

export function entriesOf(messages: readonly Message[], unsent: readonly Unsent[]): Entry[] {
  const known = new Set(messages.slice(-200).map((message) => message.client_message_id));
  const waiting = unsent.filter((entry) => !known.has(entry.client_message_id));
  const rows: { message: Message; unsent: Unsent | null }[] = [
    ...messages.map((message) => ({ message, unsent: null })),
    ...waiting.map((entry) => ({ message: asMessage(entry), unsent: entry })),
  ];
  const times = rows.map(({ message }) => new Date(message.sent_at));
  return rows.map(({ message, unsent: own }, index) => {
    const at = times[index]!;
    const previous = times[index - 1];
    const startsDay = !previous || !isSameDay(previous, at);
    return {
      key: message.client_message_id ?? message.id,
      message,
      unsent: own,
      at,
      startsDay,
      first: startsDay || !sameRun(rows[index - 1]!.message, message, previous, at),
      last: !sameRun(message, rows[index + 1]?.message, at, times[index + 1]),
    };
  });
}

function sameRun(a: Message, b: Message | undefined, from?: Date, to?: Date): boolean {
  if (!b || !from || !to) return false;
  return (
    a.direction === b.direction &&
    a.sender?.id === b.sender?.id &&
    a.sender?.kind === b.sender?.kind &&
    isSameDay(from, to) &&
    to.getTime() - from.getTime() < RUN_BREAK
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
