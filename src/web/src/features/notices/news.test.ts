import { expect, test } from "vitest";
import { applyEvents } from "@/chat/apply-events";
import { emptyState, type ChatState } from "@/chat/state";
import { FakeServer } from "@/chat/testing/fake-server";
import type { LiveEvent, Message } from "@/chat/types";
import { translate } from "@/lib/i18n";
import { noticesOf } from "./news";

const told = (state: ChatState, messages: Message[], inView: string | null = null) =>
  noticesOf((key, values) => translate("en", key, values), state, messages, inView);

function held(events: LiveEvent[]): { state: ChatState; messages: Message[] } {
  const messages = events.flatMap((one) => ("message" in one.data ? one.data.message : []));
  return { state: applyEvents(emptyState(), events), messages };
}

/** What this many people wrote while nobody looked. */
function written(people: number): { state: ChatState; messages: Message[] } {
  const server = new FakeServer(1);
  return held(Array.from({ length: people }, () => server.receive(server.start(), "Hi")));
}

test("each conversation is told of once, with its newest message", () => {
  const server = new FakeServer(1);
  const id = server.start();
  const { state, messages } = held(["one", "two"].map((text) => server.receive(id, text)));
  expect(told(state, messages)).toMatchObject([{ conversationId: id, body: "two" }]);
});

test("what is in view needs no telling", () => {
  const { state, messages } = written(2);
  const [first, second] = messages;
  expect(told(state, messages, first!.conversation_id)).toMatchObject([
    { conversationId: second!.conversation_id },
  ]);
});

test("what somebody has read by the time it comes needs none either", () => {
  const { state, messages } = written(1);
  const id = messages[0]!.conversation_id;
  const read = { ...state.conversations.get(id)!, unread_count: 0 };
  expect(told({ ...state, conversations: new Map([[id, read]]) }, messages)).toEqual([]);
});

test("many at once are told of together", () => {
  const { state, messages } = written(4);
  expect(told(state, messages)).toEqual([
    { conversationId: null, title: "4 conversations are waiting", body: "" },
  ]);
  expect(told(state, messages.slice(1))).toHaveLength(3);
});
