import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { setInterval as every } from "node:timers/promises";
import { type Clock, type Logger, notePlace, PLACE_SILENCE_MS, type Sql } from "@rondo/store";

/** Some may fail or come late before others take this Rondo for gone. */
const NOTE_EVERY_MS = PLACE_SILENCE_MS / 6;

/** What distinguishes this home from those of other Rondos on the same database; made at the first start. */
export async function ensurePlace(file: string): Promise<string> {
  try {
    await writeFile(file, randomUUID(), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const place = await readFile(file, "utf8");
  if (place === "")
    throw new Error(`${file} is empty, so that this home has no name: delete the file and start again.`);
  return place;
}

export interface AttendedPlace {
  readonly sql: Sql;
  readonly place: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Says again and again that this Rondo is alive, until `signal` is aborted. Nobody has to know where one Rondo uses the database at a time. */
export async function attendPlace({ sql, place, clock, logger, signal }: AttendedPlace): Promise<void> {
  if (sql.home !== "server") return;
  await notePlace(sql, clock, place);
  void (async () => {
    for await (const _ of every(NOTE_EVERY_MS, undefined, { signal, ref: false })) {
      await notePlace(sql, clock, place).catch((error: unknown) => {
        logger.warn({ error }, "could not tell other Rondos that this one is alive");
      });
    }
  })().catch(() => undefined); // aborted
}
