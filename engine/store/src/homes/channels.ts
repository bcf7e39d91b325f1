import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../logger.ts";
import type { SqlConnection } from "../sql.ts";

/** How messages travel between the users of one database. */
export interface Channels {
  notify(connection: SqlConnection, channel: string, payload: string): Promise<void>;
  listen(channel: string, onMessage: (payload: string) => void): Promise<AsyncDisposable>;
  close(): Promise<void>;
}

const firstDelayMs = 50;
const longestDelayMs = 5_000;

/** Messages within this process, for a home that no other process can use. */
export function createLocalChannels(): Channels {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    async notify(connection, channel, payload) {
      connection.afterCommit(() => setImmediate(() => emitter.emit(channel, payload)));
    },
    async listen(channel, onMessage) {
      emitter.on(channel, onMessage);
      return {
        async [Symbol.asyncDispose]() {
          emitter.off(channel, onMessage);
        },
      };
    },
    async close() {
      emitter.removeAllListeners();
    },
  };
}

/** PostgreSQL's NOTIFY and LISTEN; listening has one connection of its own, made at the first `listen`. */
export function createPostgresChannels(config: pg.ClientConfig, logger: Logger): Channels {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const closing = new AbortController();
  let connected: Promise<pg.Client> | undefined;

  function deliver(channel: string, payload: string): void {
    for (const listener of listeners.get(channel) ?? []) listener(payload);
  }

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...config, keepAlive: true });
    client.on("notification", ({ channel, payload }) => deliver(channel, payload ?? ""));
    client.on("error", () => {}); // "end" follows, and reconnects
    await client.connect();
    for (const channel of listeners.keys()) await client.query(`listen ${client.escapeIdentifier(channel)}`);
    client.once("end", () => {
      if (!closing.signal.aborted) connected = reconnect();
    });
    return client;
  }

  async function reconnect(): Promise<pg.Client> {
    for (let delay = firstDelayMs; ; delay = Math.min(delay * 2, longestDelayMs)) {
      await sleep(delay, undefined, { signal: closing.signal, ref: false });
      try {
        const client = await connect();
        for (const channel of listeners.keys()) deliver(channel, "");
        return client;
      } catch (error) {
        logger.warn({ error }, "Listening for changes in the database failed; trying again");
      }
    }
  }

  async function whenConnected(): Promise<pg.Client> {
    connected ??= connect();
    connected.catch(() => {
      connected = undefined;
    });
    return connected;
  }

  return {
    async notify(connection, channel, payload) {
      await connection.query("select pg_notify($1, $2)", [channel, payload], { name: "notify" });
    },
    async listen(channel, onMessage) {
      const client = await whenConnected();
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(onMessage));
      if (known.size === 1) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      return {
        async [Symbol.asyncDispose]() {
          known.delete(onMessage);
          if (known.size > 0 || closing.signal.aborted) return;
          listeners.delete(channel);
          await (await whenConnected()).query(`unlisten ${client.escapeIdentifier(channel)}`);
        },
      };
    },
    async close() {
      closing.abort();
      listeners.clear();
      const client = await connected?.catch(() => undefined);
      await client?.end();
    },
  };
}
