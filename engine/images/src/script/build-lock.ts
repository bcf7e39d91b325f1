import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Between a refused connection and the next try. */
const RETRY_MS = 20;

/**
 * Holds a name until disposed of; one process of this host at a time does. It is a Unix socket, so a process that is killed lets go of it, and those
 * who wait notice at once: they are connected. On Linux the name is in the abstract namespace (unix(7)), elsewhere a file in /tmp. Rejects when `signal` is aborted.
 */
export async function holdLock(name: string, signal: AbortSignal): Promise<AsyncDisposable> {
  const address = process.platform === "linux" ? `\0${name}` : `/tmp/${name}`;
  for (;;) {
    signal.throwIfAborted();
    const held = await tryHold(address);
    if (held !== undefined) return held;
    await waitForRelease(address, signal);
  }
}

/** Undefined when another one holds it. */
async function tryHold(address: string): Promise<AsyncDisposable | undefined> {
  const waiting = new Set<Socket>();
  const server: Server = createServer((socket) => {
    waiting.add(socket);
    socket.on("error", () => undefined).on("close", () => waiting.delete(socket));
  });
  try {
    server.listen(address);
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of waiting) socket.destroy();
      await closed;
    },
  };
}

async function waitForRelease(address: string, signal: AbortSignal): Promise<void> {
  const socket = createConnection(address);
  const abort = (): void => void socket.destroy();
  signal.addEventListener("abort", abort);
  try {
    socket.resume();
    await once(socket, "close");
  } catch (error) {
    // A file whose owner was killed refuses connections.
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED" && !address.startsWith("\0")) {
      await rm(address, { force: true });
    }
    await delay(RETRY_MS);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
