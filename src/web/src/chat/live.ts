import {
  HttpTransportType,
  HubConnectionBuilder,
  LogLevel,
  type HubConnection,
  type IHttpConnectionOptions,
} from "@microsoft/signalr";
import { createStore } from "@/lib/external-store";
import { csrfHeader, request, RequestError } from "@/lib/http";
import { networkReturns } from "@/lib/network-returns";
import { pause, retryDelay } from "@/lib/retry";
import { applyLive, chat } from "./chat-store";
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

/** A socket needs one request, whichever of several nodes gets it; what asks first must come back to the same one. */
const SOCKET: IHttpConnectionOptions = {
  transport: HttpTransportType.WebSockets,
  skipNegotiation: true,
};

let socketsPass = false;

const noop = () => {};

/** Some networks let no socket through: where one has passed it takes longer to believe it. */
const SOCKETS_FIRST = 8;

/** Every second try goes without. */
function wayOf(attempt: number): IHttpConnectionOptions {
  if ((socketsPass && attempt < SOCKETS_FIRST) || attempt % 2 === 0) return SOCKET;
  const transport = HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;
  return { transport, headers: csrfHeader() };
}

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

/** Browsers make one socket to a server at a time: one that hangs would keep the next from beginning. */
function closeUnopened(socket: WebSocket | null): void {
  if (socket?.readyState === WebSocket.CONNECTING) socket.close();
}

/** One connection, until it ends or must be taken for dead. */
async function readOnce(
  attempt: number,
  signal: AbortSignal,
  onStarted: () => void,
): Promise<StreamEnd> {
  const way = wayOf(attempt);
  let opening: WebSocket | null = null;
  const hold = (socket: WebSocket) => {
    opening = socket;
  };
  class OwnSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      hold(this);
    }
  }
  const options = { ...way, WebSocket: OwnSocket };
  const connection = new HubConnectionBuilder()
    .withUrl("/hubs/live", options)
    .configureLogging(LogLevel.None)
    .build();
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
    socketsPass ||= way.skipNegotiation === true;
    onStarted();
    return readStream(connection);
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
    // Not awaited: it waits itself for a start that may never end, and knows nothing of a socket that isn't open yet.
    void connection.stop();
    closeUnopened(opening);
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
