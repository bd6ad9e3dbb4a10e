import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askedChanges, changeMessage, currentChange, shownReactions } from "./message-changes";
import { newMessage } from "./testing/fake-server";
import type { Message, Sender } from "./types";

const message = (changes: Partial<Message> = {}): Message => ({
  ...newMessage("m1", "c1", "oi", 1, "2026-11-20T10:00:00Z"),
  ...changes,
});

let asked: string[];
let answers: number[];

function answer(path: string, init: RequestInit): Promise<Response> {
  asked.push([init.method, path, init.body].filter(Boolean).join(" "));
  const status = answers.shift() ?? 202;
  if (status === 0) return Promise.reject(new TypeError("network"));
  const body = status < 300 ? message() : { title: "No", detail: "too late", code: "late" };
  return Promise.resolve(Response.json(body, { status }));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
  asked = [];
  answers = [];
});

afterEach(() => {
  askedChanges.set(new Map());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const held = () => currentChange(message(), askedChanges.get().get("m1"));

test("what is asked for shows at once, and leaves in the order in which it was asked", async () => {
  answers = [0];
  changeMessage("m1", "reaction", "👍");
  changeMessage("m1", "reaction", "");
  changeMessage("m1", "edit", "olá");
  expect(held()).toMatchObject({ kind: "edit", text: "olá", failed: false });
  await vi.runAllTimersAsync();
  expect(asked).toEqual([
    'PUT /api/messages/m1/reaction {"emoji":"👍"}',
    'PUT /api/messages/m1/reaction {"emoji":"👍"}',
    "DELETE /api/messages/m1/reaction",
    'PATCH /api/messages/m1 {"text":"olá"}',
  ]);
  expect(held()).toBeNull();
});

test("a refusal stays with its reason until it is tried again or dismissed", async () => {
  answers = [409];
  changeMessage("m1", "delete", null);
  await vi.runAllTimersAsync();
  expect(held()).toMatchObject({
    kind: "delete",
    failed: true,
    error: { code: "late", text: null },
  });
  changeMessage("m1", "delete", null);
  expect(held()).toMatchObject({ failed: false });
  await vi.runAllTimersAsync();
  expect(held()).toBeNull();
});

const contact: Sender = { kind: "contact", id: "p1", name: "Ana" };
const phone: Sender = { kind: "phone", id: null, name: null };

const change = (text: string, failed = false) =>
  ({ kind: "reaction", text, failed, error: null, asked: true }) as const;

test("our reaction under way takes the place of the one that the number gave", () => {
  const at = "2026-11-20T10:01:00Z";
  const reacted = message({
    reactions: [
      { emoji: "❤️", by: contact, at },
      { emoji: "👍", by: phone, at },
    ],
  });
  const shown = (text: string, failed?: boolean) =>
    shownReactions(reacted, change(text, failed)).map(({ emoji, pending }) => [emoji, pending]);
  expect(shown("😂")).toEqual([
    ["❤️", false],
    ["😂", true],
  ]);
  expect(shown("")).toEqual([["❤️", false]]);
  expect(shown("😂", true)).toEqual([
    ["❤️", false],
    ["👍", false],
  ]);
});
