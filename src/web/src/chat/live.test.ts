import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEvent } from "./types";

interface Reader {
  next: (event: LiveEvent) => void;
  complete: () => void;
}

/** What each connection does: null = it can't be made, "hangs" = it is neither made nor refused. */
const script: (((reader: Reader, from: number) => void) | "hangs" | null)[] = [];
const froms: number[] = [];
type Way = { skipNegotiation?: boolean; WebSocket: new (address: string) => WebSocket };
const ways: Way[] = [];

vi.mock("@microsoft/signalr", () => {
  class Builder {
    withUrl = (_: string, way: Way) => {
      ways.push(way);
      return this;
    };
    configureLogging = () => this;
    build = () => {
      const act = script.shift();
      return {
        start: () =>
          act === "hangs"
            ? new Promise(() => {})
            : act
              ? Promise.resolve()
              : Promise.reject(new Error("away")),
        stop: () => Promise.resolve(),
        onclose: () => {},
        stream: (_: string, from: number) => ({
          subscribe: (reader: Reader) => {
            froms.push(from);
            if (typeof act === "function") act(reader, from);
          },
        }),
      };
    };
  }
  return {
    HubConnectionBuilder: Builder,
    LogLevel: { None: 6 },
    HttpTransportType: { WebSockets: 1, ServerSentEvents: 2, LongPolling: 4 },
  };
});

let followLog: typeof import("./live").followLog;
let liveStatus: typeof import("./live").liveStatus;
let answer: () => Promise<Response>;

const hint: LiveEvent = { seq: 0, at: "", type: "reconnect", data: { within_ms: 1000 } };

let stop: AbortController;
let seen: string[];

beforeEach(async () => {
  // What a page has learned of its network belongs to that page.
  vi.resetModules();
  ({ followLog, liveStatus } = await import("./live"));
  vi.useFakeTimers();
  answer = () => Promise.reject(new TypeError("away"));
  vi.stubGlobal("fetch", () => answer());
  script.length = 0;
  stop = new AbortController();
  seen = [];
  froms.length = 0;
  ways.length = 0;
  liveStatus.subscribe(() => seen.push(liveStatus.get()));
});

afterEach(() => {
  stop.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a node that stops is left for another one, without a word to the agent", async () => {
  script.push(
    (reader) => {
      reader.next(hint);
      reader.complete();
    },
    () => {},
  );
  void followLog(stop.signal, () => {});
  await vi.advanceTimersByTimeAsync(0);
  expect(froms).toHaveLength(1);

  await vi.advanceTimersByTimeAsync(1000);

  expect(froms).toHaveLength(2);
  expect(seen).not.toContain("reconnecting");
  expect(liveStatus.get()).toBe("live");
});

test("where no other node is, the agent is told", async () => {
  script.push((reader) => reader.next(hint), null);
  void followLog(stop.signal, () => {});

  await vi.advanceTimersByTimeAsync(1000);

  expect(liveStatus.get()).toBe("reconnecting");
});

test("a connection that is neither made nor refused is given up", async () => {
  script.push("hangs", () => {});
  void followLog(stop.signal, () => {});

  await vi.advanceTimersByTimeAsync(11_000);

  expect(froms).toHaveLength(1);
  expect(liveStatus.get()).toBe("live");
});

test("back on a network the page connects anew, for the old socket may be dead", async () => {
  script.push(
    () => {},
    () => {},
  );
  void followLog(stop.signal, () => {});
  await vi.advanceTimersByTimeAsync(0);
  expect(froms).toHaveLength(1);

  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(1000);

  expect(froms).toHaveLength(2);
  expect(liveStatus.get()).toBe("live");
});

test("a socket asks nothing first, so that any node will do", async () => {
  script.push(() => {});
  void followLog(stop.signal, () => {});
  await vi.advanceTimersByTimeAsync(0);

  expect(ways).toMatchObject([{ transport: 1, skipNegotiation: true }]);
});

test("where no socket passes, every second try goes without", async () => {
  script.push(null, null, null, null);
  void followLog(stop.signal, () => {});
  await vi.advanceTimersByTimeAsync(2_500);

  expect(ways.slice(0, 4).map((way) => way.skipNegotiation ?? false)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test("where a socket has passed, the next tries are sockets", async () => {
  script.push((reader) => reader.complete(), null, null);
  void followLog(stop.signal, () => {});
  await vi.advanceTimersByTimeAsync(2_500);

  expect(ways.length).toBeGreaterThan(2);
  expect(ways.every((way) => way.skipNegotiation)).toBe(true);
});

test("a refused socket that nobody is signed in for ends the session", async () => {
  answer = () => Promise.resolve(new Response(null, { status: 401 }));
  const ends: string[] = [];
  script.push(null);
  await followLog(stop.signal, (end) => void ends.push(end));

  expect(ends).toEqual(["unauthenticated"]);
});
