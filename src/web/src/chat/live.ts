import type { HubConnection } from "@microsoft/signalr";
import { createStore } from "@/lib/external-store";
import { request, RequestError } from "@/lib/http";
import { networkReturns } from "@/lib/network-returns";
import { pause, retryDelay } from "@/lib/retry";
import { applyLive, chat } from "./chat-store";
import { connectionFor } from "./live-connection";
import type { LiveEvent } from "./types";

export type LiveStatus = "connecting" | "live" | "reconnecting";

export const liveStatus = createStore<LiveStatus>("connecting");

/** How long a connection may take to begin: where packets vanish the browser itself waits for minutes. */
const START_PATIENCE = 10_000;

/** What ends a stream: the server went away, wants us afresh, or no longer knows us; or it stops and told us when to come back. */
type StreamEnd = "lost" | "reset" | "unauthenticated" | { comeWithin: number };

/**
 * Reads the event log from the last event applied, for as long as `signal` allows. SignalR's own
 * reconnection is left off: it knows nothing of the place in the log.
 */
export async function followLog(
  signal: AbortSignal,
  onEnd: (end: "reset" | "unauthenticated") => Promise<void> | void,
): Promise<void> {
  liveStatus.set("connecting");
  for (let attempt = 0; !signal.aborted; attempt++) {
    const end = await readOnce(attempt, signal, () => {
      attempt = 0;
      if (liveStatus.get() === "reconnecting") networkReturns.set((times) => times + 1);
      liveStatus.set("live");
    });
    if (signal.aborted) return;
    if (typeof end === "object") {
      // Nothing is wrong: another node is there. All pages come back at once otherwise.
      await pause(Math.random() * end.comeWithin, signal);
      continue;
    }
    if (end !== "lost") {
      await onEnd(end);
      if (end === "unauthenticated") return;
      continue;
    }
    liveStatus.set("reconnecting");
    await pause(retryDelay(attempt), signal);
  }
}

const noop = () => {};

/** A database that comes back isn't asked by every page at every try. */
const ASK_EVERY = 4;

/** A browser doesn't tell with which words a socket was refused. */
async function whyRefused(signal: AbortSignal): Promise<StreamEnd> {
  try {
    await request("GET", "/api/me", undefined, signal);
    return "lost";
  } catch (error) {
    return error instanceof RequestError && error.status === 401 ? "unauthenticated" : "lost";
  }
}

/** One connection, until it ends or must be taken for dead. */
async function readOnce(
  attempt: number,
  signal: AbortSignal,
  onStarted: () => void,
): Promise<StreamEnd> {
  const connection = connectionFor(attempt);
  let giveUp = noop;
  const givenUp = new Promise<StreamEnd>((resolve) => {
    giveUp = resolve.bind(null, "lost");
  });
  const late = setTimeout(giveUp, START_PATIENCE);
  signal.addEventListener("abort", giveUp);
  // Who comes back to a network may hold a socket of the one before, which says nothing for half a minute.
  window.addEventListener("online", giveUp);
  let started = false;
  const read = async () => {
    await connection.start();
    clearTimeout(late);
    started = true;
    onStarted();
    return readStream(connection.hub);
  };
  try {
    return await Promise.race([read(), givenUp]);
  } catch (error) {
    if (isUnauthenticated(error)) return "unauthenticated";
    return started || attempt % ASK_EVERY > 0 ? "lost" : await whyRefused(signal);
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", giveUp);
    window.removeEventListener("online", giveUp);
    connection.close();
  }
}

function readStream(connection: HubConnection): Promise<StreamEnd> {
  return new Promise((resolve, reject) => {
    let waiting: LiveEvent[] = [];
    const apply = () => {
      const events = waiting;
      waiting = [];
      if (events.length === 0) return;
      applyLive(events);
      if (events.some((event) => event.type === "reset")) resolve("reset");
      const hint = events.find((event) => event.type === "reconnect");
      if (hint) resolve({ comeWithin: hint.data.within_ms });
    };
    connection.onclose((error) => (error ? reject(error) : resolve("lost")));
    connection.stream<LiveEvent>("Events", chat.get().seq).subscribe({
      // One socket frame may hold many events: they are applied, and drawn, together.
      next: (event) => {
        if (waiting.push(event) === 1) queueMicrotask(apply);
      },
      error: reject,
      complete: () => {
        // The last event, which may be a hint, can come in the same frame as the end.
        apply();
        resolve("lost");
      },
    });
  });
}

function isUnauthenticated(error: unknown): boolean {
  const status = (error as { statusCode?: number }).statusCode;
  return status === 401 || String(error).includes("unauthenticated");
}
