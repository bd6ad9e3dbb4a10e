import { expect, test } from "vitest";
import {
  applyConversations,
  applyGroup,
  applyMessage,
  applyNewest,
  applyOlder,
  applyOpened,
} from "./apply-answers";
import { applyEvent, applyEvents } from "./apply-events";
import { currentId, emptyState, type ChatState } from "./state";
import { FakeServer, newGroup, shuffled, steps } from "./testing/fake-server";
import type { LiveEvent } from "./types";

/** What a browser holds that loads everything now. */
function freshSnapshot(server: FakeServer, opened: readonly string[]): ChatState {
  let state = emptyState(0, server.seq);
  state = applyConversations(state, server.conversations(), true);
  for (const id of opened) state = applyNewest(applyOpened(state, id), id, server.messages(id));
  return state;
}

/** The page loads a thread that was joined or rewritten when it shows it next. */
function shown(state: ChatState, server: FakeServer, opened: readonly string[]): ChatState {
  for (const id of new Set(opened.map((one) => currentId(state, one)))) {
    if (!state.threads.has(id))
      state = applyNewest(applyOpened(state, id), id, server.messages(id));
  }
  return state;
}

const visible = (state: ChatState) => ({
  order: state.order,
  conversations: [...state.conversations.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  threads: [...state.threads].toSorted(([a], [b]) => (a < b ? -1 : 1)),
});

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  "snapshot + events = fresh snapshot (seed %i)",
  (seed) => {
    const server = new FakeServer(seed, true);
    steps(server, 30);
    const opened = server.conversationIds().slice(0, 3);
    let state = freshSnapshot(server, opened);
    const events = steps(server, 60);
    state = shown(applyEvents(state, events), server, opened);
    const now = [...new Set(opened.map((id) => currentId(state, id)))];
    expect(visible(state)).toEqual(visible(freshSnapshot(server, now)));
    expect(state.seq).toBe(server.seq);
  },
);

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  "repeated and reordered events end in the same state (seed %i)",
  (seed) => {
    const server = new FakeServer(seed, true);
    steps(server, 20);
    const opened = server.conversationIds().slice(0, 2);
    const start = freshSnapshot(server, opened);
    const events = steps(server, 40);
    const inOrder = applyEvents(start, events);
    const messy = shuffled([...events, ...events], seed);
    const outOfOrder = messy.reduce(applyEvent, start);
    expect(visible(outOfOrder)).toEqual(visible(inOrder));
    expect(applyEvents(inOrder, messy)).toBe(inOrder);
  },
);

test("events that a page already holds change nothing", () => {
  const server = new FakeServer(7);
  const events = steps(server, 30);
  const id = server.conversationIds()[0]!;
  const state = freshSnapshot(server, [id]);
  expect(applyEvents(state, events)).toBe(state);
});

test("a message that comes while the first page is under way is kept", () => {
  const server = new FakeServer(3);
  steps(server, 20);
  const id = server.conversationIds()[0]!;
  const page = server.messages(id);
  const late = server.receive(id, "late");
  let state = applyOpened(freshSnapshot(server, []), id);
  state = applyEvent(state, late);
  state = applyNewest(state, id, page);
  expect(state.threads.get(id)!.messages.map((message) => message.text)).toEqual(
    server.messages(id).items.map((message) => message.text),
  );
});

test("older pages go before, and messages older than the loaded part wait for them", () => {
  const server = new FakeServer(5);
  const id = server.start();
  for (let i = 0; i < 120; i++) server.receive(id, `text ${i}`);
  let state = freshSnapshot(server, [id]);
  const first = server.messages(id).items[0]!;
  const ancient = { ...first, id: "ancient", sent_at: "2020-01-01T00:00:00Z" };
  expect(applyMessage(state, ancient)).toBe(state);
  for (let cursor = state.threads.get(id)!.olderCursor; cursor;) {
    state = applyOlder(state, id, server.messages(id, cursor), cursor);
    cursor = state.threads.get(id)!.olderCursor;
  }
  expect(state.threads.get(id)!.messages).toEqual(server.wholeThread(id));
});

test("a reset drops what is held and starts another epoch", () => {
  const server = new FakeServer(1);
  steps(server, 10);
  const state = freshSnapshot(server, server.conversationIds());
  const reset: LiveEvent = { seq: 3, at: "2026-11-20T10:00:00Z", type: "reset", data: {} };
  expect(applyEvent(state, reset)).toEqual(emptyState(state.epoch + 1, 3));
});

test("a deleted instance doesn't come back with a late event", () => {
  const server = new FakeServer(1);
  const [made, changed, deleted] = server.instanceLife();
  const state = [made, deleted, changed].reduce(applyEvent, emptyState());
  expect(state.instances.get("i1")!.deleted_at).not.toBeNull();
});

test("the newest of what is told of a contact holds, in whatever order it comes", () => {
  const contact = { id: "c1", name: "Ana", phone: null, picture: "/api/contacts/c1/picture?v=2" };
  const event = (seq: number, version: number, picture: string | null): LiveEvent => ({
    seq,
    at: "2026-11-20T10:00:00Z",
    type: "contact.updated",
    data: { contact: { ...contact, picture, version } },
  });
  let state = applyGroup(emptyState(), newGroup("g1", { ...contact, version: 2 }));
  state = applyEvents(state, [event(2, 3, null), event(1, 1, "/api/contacts/c1/picture?v=1")]);
  expect(state.contacts.get("c1")).toEqual({ ...contact, picture: null, version: 3 });
});
