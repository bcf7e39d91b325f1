import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be closed and opened again: closed, its port refuses connections, as that of a server that is down. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function openGateTo(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  async function listen(on: number): Promise<number> {
    server = createServer((inside) => {
      const outside = connect(Number(port), hostname);
      for (const [socket, other] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    server.listen(on, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  const ownPort = await listen(0);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server?.close(resolve));
    for (const socket of sockets) socket.destroy();
    if (server?.listening === true) await closed;
  };
  return {
    url: `http://127.0.0.1:${ownPort}`,
    close,
    open: async () => void (await listen(ownPort)),
    [Symbol.asyncDispose]: close,
  };
}
