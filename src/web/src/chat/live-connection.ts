import {
  HttpTransportType,
  HubConnectionBuilder,
  LogLevel,
  type HubConnection,
  type IHttpConnectionOptions,
} from "@microsoft/signalr";
import { csrfHeader } from "@/lib/http";

/** A socket needs one request, whichever of several nodes gets it; what asks first must come back to the same one. */
const SOCKET: IHttpConnectionOptions = {
  transport: HttpTransportType.WebSockets,
  skipNegotiation: true,
};

/** Some networks let no socket through: where one has passed it takes longer to believe it. */
const SOCKETS_FIRST = 8;

let socketsPass = false;

export interface LiveConnection {
  hub: HubConnection;
  start(): Promise<void>;
  close(): void;
}

export function connectionFor(attempt: number): LiveConnection {
  const way = wayOf(attempt);
  const sockets: WebSocket[] = [];
  class OwnSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  }
  const options = { ...way, WebSocket: OwnSocket };
  const hub = new HubConnectionBuilder()
    .withUrl("/hubs/live", options)
    .configureLogging(LogLevel.None)
    .build();
  return {
    hub,
    async start() {
      await hub.start();
      socketsPass ||= way === SOCKET;
    },
    close() {
      // Not awaited: it waits itself for a start that may never end, and knows nothing of a socket that isn't open yet.
      void hub.stop();
      // Browsers make one socket to a server at a time: one that hangs would keep the next from beginning.
      for (const socket of sockets) if (socket.readyState === WebSocket.CONNECTING) socket.close();
    },
  };
}

/** Every second try goes without. */
function wayOf(attempt: number): IHttpConnectionOptions {
  if ((socketsPass && attempt < SOCKETS_FIRST) || attempt % 2 === 0) return SOCKET;
  const transport = HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;
  return { transport, headers: csrfHeader() };
}
