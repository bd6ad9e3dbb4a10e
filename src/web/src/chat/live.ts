import { HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";
import { createStore } from "@/lib/external-store";
import { csrfHeader } from "@/lib/http";
import { pause, retryDelay } from "@/lib/retry";
import { applyLive, chat } from "./chat-store";
import type { LiveEvent } from "./types";

export type LiveStatus = "connecting" | "live" | "reconnecting";

export const liveStatus = createStore<LiveStatus>("connecting");

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
    const end = await readOnce(signal, () => {
      attempt = 0;
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

async function readOnce(signal: AbortSignal, onStarted: () => void): Promise<StreamEnd> {
  const connection = new HubConnectionBuilder()
    .withUrl("/hubs/live", { headers: csrfHeader() })
    .configureLogging(LogLevel.None)
    .build();
  const stop = () => void connection.stop();
  signal.addEventListener("abort", stop);
  try {
    await connection.start();
    onStarted();
    return await readStream(connection);
  } catch (error) {
    return isUnauthenticated(error) ? "unauthenticated" : "lost";
  } finally {
    signal.removeEventListener("abort", stop);
    await connection.stop();
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
