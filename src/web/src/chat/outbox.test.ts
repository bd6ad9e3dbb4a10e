import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guardRequests } from "@/lib/http";
import { closeOutbox, discard, openOutbox, outbox, send, tryAgain } from "./outbox";
import { newMessage } from "./testing/fake-server";
import { unsentOf } from "./unsent-store";

interface Posted {
  client_message_id: string;
  text: string;
}

let posted: Posted[];
let answers: number[];

/** Answers each POST with the next planned status, then with 201. */
function answer(_path: string, init: RequestInit): Promise<Response> {
  const body = JSON.parse(String(init.body)) as Posted;
  posted.push(body);
  const status = answers.shift() ?? 201;
  if (status === 0) return Promise.reject(new TypeError("network"));
  const message = newMessage(body.client_message_id, "c1", body.text, 1, "2026-11-20T10:00:00Z");
  if (status === 299) return Promise.resolve(brokenWithin(message));
  // What nginx says where no node is there.
  if (status === 502) return Promise.resolve(Response.json({ taken: false }, { status: 503 }));
  const content = status < 300 ? message : { title: "No", detail: "too long", code: "invalid" };
  return Promise.resolve(Response.json(content, { status }));
}

/** The connection is lost within the answer. */
function brokenWithin(content: object): Response {
  const begun = new TextEncoder().encode(JSON.stringify(content).slice(0, 9));
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(begun),
    pull: (stream) => stream.error(new TypeError("network")),
  });
  return new Response(body, { status: 201 });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
  posted = [];
  answers = [];
  openOutbox("u1");
});

afterEach(() => {
  closeOutbox();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const texts = () => posted.map((body) => body.text);

test("a message waits in the outbox until the server has it", async () => {
  send("c1", "hello");
  expect(outbox.get().map((entry) => entry.text)).toEqual(["hello"]);
  await vi.runAllTimersAsync();
  expect(outbox.get()).toEqual([]);
  expect(await unsentOf("u1")).toEqual([]);
});

test("what fails in between is repeated under the same id, before what came later", async () => {
  answers = [0, 503, 429, 299];
  send("c1", "one");
  send("c1", "two");
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "one", "one", "one", "one", "two"]);
  expect(new Set(posted.map((body) => body.client_message_id)).size).toBe(2);
});

test("a refused message stays with its reason, and the next one leaves", async () => {
  answers = [422];
  send("c1", "one");
  send("c1", "two");
  await vi.runAllTimersAsync();
  const [refused] = outbox.get();
  expect(refused).toMatchObject({ text: "one", error: { code: "invalid", text: null } });
  tryAgain(refused!);
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "two", "one"]);
  expect(outbox.get()).toEqual([]);
});

test("what a closed page left unsent is sent by the next, for the same user only", async () => {
  const ended = vi.fn<() => void>(closeOutbox);
  guardRequests({ onUnauthenticated: ended });
  answers = [401];
  send("c1", "one");
  await vi.runAllTimersAsync();
  expect(ended).toHaveBeenCalledOnce();

  openOutbox("u2");
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one"]);
  openOutbox("u1");
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "one"]);
  expect(posted[0]!.client_message_id).toBe(posted[1]!.client_message_id);
});

async function leaveForADay(): Promise<void> {
  closeOutbox();
  await vi.runAllTimersAsync();
  vi.setSystemTime(Date.now() + 25 * 60 * 60 * 1000);
  openOutbox("u1");
}

test("what was written offline more than a day ago leaves only when its writer says so", async () => {
  const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  answers = [0];
  send("c1", "one");
  await vi.advanceTimersByTimeAsync(1);
  await leaveForADay();
  online.mockRestore();
  send("c1", "two");
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "two"]);
  expect(outbox.get()).toMatchObject([{ text: "one", error: { code: "written_long_ago" } }]);

  tryAgain(outbox.get()[0]!);
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "two", "one"]);
  expect(outbox.get()).toEqual([]);
});

test("what may have arrived is repeated, however long ago it was", async () => {
  answers = [299];
  send("c1", "one");
  await vi.advanceTimersByTimeAsync(1);
  await leaveForADay();
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "one"]);
  expect(outbox.get()).toEqual([]);
});

test("what reached no server is as good as written offline", async () => {
  answers = [502];
  send("c1", "one");
  await vi.advanceTimersByTimeAsync(1);
  await leaveForADay();
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one"]);
  expect(outbox.get()).toMatchObject([{ text: "one", error: { code: "written_long_ago" } }]);
  discard(outbox.get()[0]!.client_message_id);
  await vi.runAllTimersAsync();
});

test("what may have arrived once isn't taken back by a server that is away", async () => {
  answers = [503, 502];
  send("c1", "one");
  await vi.advanceTimersByTimeAsync(1);
  await leaveForADay();
  await vi.runAllTimersAsync();
  expect(texts()).toEqual(["one", "one", "one"]);
  expect(outbox.get()).toEqual([]);
});

test("a discarded message is gone for good", async () => {
  answers = [422];
  send("c1", "one");
  await vi.runAllTimersAsync();
  discard(outbox.get()[0]!.client_message_id);
  openOutbox("u1");
  await vi.runAllTimersAsync();
  expect(outbox.get()).toEqual([]);
});

test("a link is shown with its page only where that was asked for", async () => {
  send("c1", "https://a.example");
  send("c1", { text: "https://b.example", link_preview: true });
  await vi.runAllTimersAsync();
  expect(posted).toMatchObject([{ text: "https://a.example" }, { link_preview: true }]);
  expect(posted[0]).not.toHaveProperty("link_preview");
});
