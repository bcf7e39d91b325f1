import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { appendLines, countLines, cutUnfinishedLine, linesOf, syncFolder } from "./durable-lines.ts";
import { groupCalls } from "./group-calls.ts";

/** What becomes of a row that is replayed. */
export type Replayed = "stored" | { readonly refused: string };

/**
 * Rows that wait until their store can be reached, as JSON lines. One process writes a file at a time (each service has its own).
 */
export interface FallbackFile<Row> {
  readonly path: string;
  /** Rows that wait. */
  readonly pending: number;
  /** Resolves when the row is on disk (one fsync for all rows that come together). */
  append(row: Row): Promise<void>;
  /**
   * Hands every row to `apply`, which must be idempotent: interrupted anywhere, the next replay begins anew with the same rows. What `apply` throws
   * ends the replay, and the rows wait on. Rows that the store refuses go to `<name>.refused.json` with the reason. Returns how many were stored.
   */
  replay(apply: (row: Row) => Promise<Replayed>): Promise<number>;
}

/** Rows that are applied at the same time. */
const REPLAY_WIDTH = 100;
const ROWS_PER_SYNC = 1_000;

/** Opens the file of that path, which need not be there. A line that a crash left unfinished was never acknowledged and is cut off. */
export async function openFallbackFile<Row>(path: string): Promise<FallbackFile<Row>> {
  // Rows that are being replayed, apart from those that come meanwhile.
  const replayPath = path.replace(/(\.json)?$/, ".replay.json");
  const refusedPath = path.replace(/(\.json)?$/, ".refused.json");
  await mkdir(dirname(path), { recursive: true });
  await Promise.all([path, replayPath, refusedPath].map(cutUnfinishedLine));
  let waiting = await countLines(path);
  let replaying = await countLines(replayPath);

  // Appending and setting aside take turns, so that no row is written to a file that is being deleted.
  const inTurn = groupCalls<readonly Row[] | "set aside", void>(
    async (requests) => {
      const rows = requests.flatMap((request) => (request === "set aside" ? [] : request));
      if (rows.length > 0) {
        await appendLines(path, rows);
        waiting += rows.length;
      }
      if (requests.includes("set aside") && waiting > 0) {
        await rename(path, replayPath);
        await syncFolder(path);
        replaying = waiting;
        waiting = 0;
      }
      return requests.map(() => undefined);
    },
    { most: ROWS_PER_SYNC },
  );

  async function replayFile(apply: (row: Row) => Promise<Replayed>): Promise<number> {
    let stored = 0;
    let batch: Row[] = [];
    const applyBatch = async (): Promise<void> => {
      const outcomes = await Promise.all(batch.map(async (row) => ({ row, outcome: await apply(row) })));
      const refused = outcomes.flatMap(({ row, outcome }) =>
        outcome === "stored" ? [] : [{ reason: outcome.refused, row }],
      );
      if (refused.length > 0) await appendLines(refusedPath, refused);
      stored += outcomes.length - refused.length;
      batch = [];
    };
    for await (const line of linesOf(replayPath)) {
      // Written by appendLines above.
      batch.push(JSON.parse(line) as Row);
      if (batch.length >= REPLAY_WIDTH) await applyBatch();
    }
    await applyBatch();
    await rm(replayPath, { force: true });
    await syncFolder(replayPath);
    replaying = 0;
    return stored;
  }

  return {
    path,
    get pending() {
      return waiting + replaying;
    },
    append: (row) => inTurn([row]),
    async replay(apply) {
      let stored = 0;
      // First what an earlier replay did not finish.
      if (replaying > 0) stored += await replayFile(apply);
      await inTurn("set aside");
      if (replaying > 0) stored += await replayFile(apply);
      return stored;
    },
  };
}
