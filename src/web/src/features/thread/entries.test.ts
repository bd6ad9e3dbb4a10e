import { expect, test } from "vitest";
import type { Unsent } from "@/chat/outbox";
import { newMessage } from "@/chat/testing/fake-server";
import type { Message } from "@/chat/types";
import { drawnOf, Entries, newSince } from "./entries";

const at = (minutes: number) => new Date(2026, 10, 20, 10, minutes).toISOString();

const received = (id: string, minutes: number, changes: Partial<Message> = {}): Message => ({
  ...newMessage(id, "c1", id, minutes, at(minutes)),
  ...changes,
});

const sent = (id: string, minutes: number) =>
  received(id, minutes, { direction: "out", client_message_id: `client-${id}` });

const unsent = (id: string, minutes: number): Unsent => ({
  client_message_id: `client-${id}`,
  conversation_id: "c1",
  user_id: "u1",
  text: id,
  created_at: at(minutes),
  error: null,
});

const drawn = (entries: Entries) =>
  Array.from({ length: entries.length }, (_, index) => entries.at(index));

const entriesOf = (messages: Message[], waiting: Unsent[] = []) =>
  drawn(new Entries(messages, waiting));

test("the server's message takes the place of the optimistic one, under the same key", () => {
  const before = entriesOf([received("a", 0)], [unsent("b", 1)]);
  const both = entriesOf([received("a", 0), sent("b", 1)], [unsent("b", 1)]);
  const after = entriesOf([received("a", 0), sent("b", 1)]);
  for (const entries of [before, both, after])
    expect(entries.map((entry) => entry.key)).toEqual(["a", "client-b"]);
  expect(before[1]!.message.status).toBe("queued");
});

test("a refused message shows as failed with its reason", () => {
  const error = { code: "422", text: "too long" };
  const [entry] = entriesOf([], [{ ...unsent("a", 0), error }]);
  expect(entry!.message).toMatchObject({ status: "failed", error });
});

test("runs break at another speaker, a long silence and another day", () => {
  const other = { kind: "contact", id: "x", name: "X" } as const;
  const entries = entriesOf([
    received("a", 0),
    received("b", 1),
    received("c", 2, { sender: other }),
    received("d", 30, { sender: other }),
    received("e", 24 * 60, { sender: other }),
  ]);
  expect(entries.map((entry) => entry.first)).toEqual([true, false, true, true, true]);
  expect(entries.map((entry) => entry.last)).toEqual([false, true, true, true, true]);
  expect(entries.map((entry) => entry.startsDay)).toEqual([true, false, false, false, true]);
});

test("only what the contact sent since is new", () => {
  const entries = new Entries([received("a", 0), sent("b", 1), received("c", 2)], []);
  expect(newSince(entries, entries.at(0).message)).toBe(1);
  expect(newSince(entries, entries.at(2).message)).toBe(0);
});

test("what stays as it was is not drawn again when history and a message are added", () => {
  const thread = ["a", "b", "c", "d", "e"].map((id, minute) => received(id, minute));
  const before = entriesOf(thread.slice(1, 4));
  const after = entriesOf(thread);
  expect(after[2]).toBe(before[1]);
  expect(after[1]).not.toBe(before[0]);
});

test("what stood for a reaction that is shown at its message is not drawn", () => {
  const line = (id: string, minutes: number, event: string) =>
    received(id, minutes, {
      type: "system",
      content: { event, actor: null, members: [], text: null },
    });
  const thread = { messages: [received("a", 0)], olderCursor: null, detached: false, loaded: true };
  expect(drawnOf(thread)).toBe(thread);
  const messages = [...thread.messages, line("b", 1, "reacted"), line("c", 2, "pinned")];
  expect(drawnOf({ ...thread, messages }).messages.map(({ id }) => id)).toEqual(["a", "c"]);
});
