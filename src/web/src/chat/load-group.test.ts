import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inBackground } from "@/lib/http";
import { chat } from "./chat-store";
import { loadGroup } from "./load";
import { emptyState } from "./state";
import { newGroup } from "./testing/fake-server";

/** Who is in the group, as the server has it. */
let members: string[];
let asked: number;
let failures: number[];

const memberOf = (id: string) => ({ id, name: id, phone: null, picture: null, version: 1 });

async function answer(_path: string, { signal }: RequestInit): Promise<Response> {
  asked++;
  const [status, group] = [failures.shift() ?? 200, newGroup("g1", ...members.map(memberOf))];
  await new Promise((resolve) => setTimeout(resolve, 100));
  signal!.throwIfAborted();
  return Response.json(group, { status });
}

/** As the page does it: what was asked for before a change is of no use after it. */
function show(before?: AbortController): AbortController {
  before?.abort();
  const abort = new AbortController();
  void inBackground(loadGroup("g1", abort.signal));
  return abort;
}

const shown = () =>
  chat
    .get()
    .groups.get("g1")
    ?.participants.map(({ contact }) => contact.id);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
  chat.set(emptyState());
  [members, asked, failures] = [["ana"], 0, []];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a group is asked for at once, and until it is answered", async () => {
  failures = [503];
  show();
  expect(asked).toBe(1);
  await vi.runAllTimersAsync();
  expect(asked).toBe(2);
  expect(shown()).toEqual(["ana"]);
  expect(chat.get().contacts.has("ana")).toBe(true);
});

test("changes that come together are one question, and who left is gone", async () => {
  let last = show();
  await vi.runAllTimersAsync();
  for (const name of ["rui", "lia", "zoe"]) {
    members = [name];
    last = show(last);
    await vi.advanceTimersByTimeAsync(500);
  }
  await vi.runAllTimersAsync();
  expect(asked).toBe(2);
  expect(shown()).toEqual(["zoe"]);
});

test("what nobody waits for any more changes nothing", async () => {
  const first = show();
  await vi.advanceTimersByTimeAsync(50);
  first.abort();
  await vi.runAllTimersAsync();
  expect(shown()).toBeUndefined();
});
