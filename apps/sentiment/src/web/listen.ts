import type { FastifyInstance } from "fastify";

const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"];

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How to choose another port: `--sentiment-port of "rondo start"`. */
  readonly portSetting: string;
}

/** On a loopback address only its own names are answered; behind another address a gateway decides. */
export function allowedHostsOf(host: string): readonly string[] | undefined {
  return LOOPBACK_HOSTS.includes(host) ? LOOPBACK_HOSTS : undefined;
}

/** Starts listening and returns the address, `http://127.0.0.1:8000`. Throws, naming the port and its setting, when the port is taken. */
export async function listen(service: FastifyInstance, { host, port, portSetting }: ListenOptions): Promise<string> {
  try {
    await service.listen({ host, port });
  } catch (error) {
    await service.close();
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new Error(
        `Port ${port} on ${host} is taken by another program. Stop it, or choose another port: ${portSetting}.`,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
  const address = service.server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}
