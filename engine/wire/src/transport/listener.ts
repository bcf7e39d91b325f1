import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { WireLimits } from "../limits.ts";

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** One cleartext port for HTTP/1.1 and for HTTP/2 with prior knowledge, told apart by the first bytes of a connection. */
export function createListener(onRequest: RequestListener, limits: WireLimits) {
  const http1 = createHttpServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeout,
      connectionsCheckingInterval: Math.min(5000, limits.headersTimeout),
      // Bodies may take long; silence is limited where they are read.
      requestTimeout: 0,
      keepAliveTimeout: limits.idleTimeout,
      noDelay: true,
    },
    limitPipelining(onRequest, limits.pipelinedRequests),
  );
  // node:http starts to look after timeouts when it listens; here the sockets come from the server below.
  http1.emit("listening");
  const http2 = createHttp2Server(
    {
      maxHeaderListPairs: limits.headerCount,
      settings: { maxConcurrentStreams: limits.concurrentStreams, maxHeaderListSize: limits.headerBytes },
    },
    // The compatibility classes have what is used of http's.
    onRequest as unknown as Parameters<typeof createHttp2Server>[1],
  );
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.setTimeout(limits.idleTimeout, () => session.close());
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    sniff(socket, limits.headersTimeout, (isHttp2) => (isHttp2 ? http2 : http1).emit("connection", socket));
  });
  server.maxConnections = limits.connections;
  return {
    listen: (address: ListenAddress) => listen(server, address),
    /** Takes no more connections, lets what runs finish within the grace, then cuts. */
    async close(graceMs: number): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      http1.close();
      http1.closeIdleConnections();
      const untouched = [...sockets].filter(({ bytesRead }) => bytesRead === 0);
      for (const socket of untouched) socket.destroy();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      const sweep = setInterval(() => http1.closeIdleConnections(), 50);
      await closed;
      clearTimeout(cut);
      clearInterval(sweep);
    },
  };
}

/** Node reads on while answers are pending: without a limit one connection could start any number of operations. */
function limitPipelining(onRequest: RequestListener, most: number): RequestListener {
  const pending = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (pending.get(socket) ?? 0) + 1;
    pending.set(socket, count);
    if (count > most) {
      socket.destroy();
      return;
    }
    response.once("close", () => pending.set(socket, (pending.get(socket) ?? 1) - 1));
    onRequest(request, response);
  };
}

export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

function listen(server: Server, { host, port }: ListenAddress): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.removeListener("error", reject);
      const bound = server.address() as AddressInfo;
      resolve({ url: `http://${host.includes(":") ? `[${host}]` : host}:${bound.port}`, port: bound.port });
    });
  });
}

const preface = "PRI";

/** Looks at the first bytes of a connection and puts them back. A connection that sends nothing is cut. */
function sniff(socket: Socket, timeout: number, decide: (isHttp2: boolean) => void): void {
  socket.setTimeout(timeout, () => socket.destroy());
  // Put back only once it is decided: bytes that are put back make the socket readable at once.
  let start: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk !== null) start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
    const known = start.toString("latin1", 0, preface.length);
    if (known.length < preface.length && preface.startsWith(known)) {
      if (!socket.readableEnded) socket.once("readable", look);
      return;
    }
    socket.unshift(start);
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    decide(known === preface);
  };
  socket.once("readable", look);
}
