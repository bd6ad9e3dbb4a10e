import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEvent } from "./types";

interface Reader {
  next: (event: LiveEvent) => void;
  complete: () => void;
}

/** What each connection does: null = it can't be made. */
const script: (((reader: Reader, from: number) => void) | null)[] = [];
const froms: number[] = [];

vi.mock("@microsoft/signalr", () => {
  class Builder {
    withUrl = () => this;
    configureLogging = () => this;
    build = () => {
      const act = script.shift();
      return {
        start: () => (act ? Promise.resolve() : Promise.reject(new Error("away"))),
        stop: () => Promise.resolve(),
        onclose: () => {},
        stream: (_: string, from: number) => ({
          subscribe: (reader: Reader) => {
            froms.push(from);
            act?.(reader, from);
          },
        }),
      };
    };
  }
  return { HubConnectionBuilder: Builder, LogLevel: { None: 6 } };
});

const { followLog, liveStatus } = await import("./live");

const hint: LiveEvent = { seq: 0, at: "", type: "reconnect", data: { within_ms: 1000 } };

let stop: AbortController;
let seen: string[];

beforeEach(() => {
  vi.useFakeTimers();
  stop = new AbortController();
  seen = [];
  liveStatus.subscribe(() => seen.push(liveStatus.get()));
});

afterEach(() => {
  stop.abort();
  vi.useRealTimers();
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
