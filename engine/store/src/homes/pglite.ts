import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "../logger.ts";
import type { Sql } from "../sql.ts";
import { createLocalChannels } from "./channels.ts";
import { takeHomeLock } from "./home-lock.ts";
import { PgliteStream } from "./pglite-stream.ts";
import { type PgliteThread, startPglite } from "./pglite-thread.ts";
import { createPoolSql } from "./pool-sql.ts";

/** PGlite is one session: one connection, and transactions one after the other. */
export function createPgliteSql(
  pglite: PgliteThread,
  options: { readonly location: string; readonly logger: Logger; readonly onClose?: () => Promise<void> },
): Sql {
  return createPoolSql({
    home: "pglite",
    location: options.location,
    config: { max: 1, idleTimeoutMillis: 0, stream: () => new PgliteStream(pglite) },
    channels: createLocalChannels(),
    logger: options.logger,
    async onClose() {
      await pglite.close();
      await options.onClose?.();
    },
  });
}

/** PGlite under RONDO_HOME, in a thread of this process. Throws StoreError "HomeInUse" when another Rondo has it open. */
export async function openPglite(options: { readonly directory: string; readonly logger: Logger }): Promise<Sql> {
  const directory = path.resolve(options.directory, "pglite");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await takeHomeLock(path.join(directory, "lock"), options.directory);
  try {
    const pglite = await startPglite({ directory: path.join(directory, "data") });
    options.logger.warn(
      { directory },
      "State is kept by PGlite: one process only, 0.5 GB of memory, and no fsync (a crash of Rondo loses nothing, a power cut may)",
    );
    return createPgliteSql(pglite, {
      location: directory,
      logger: options.logger,
      onClose: async () => lock[Symbol.asyncDispose](),
    });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}
