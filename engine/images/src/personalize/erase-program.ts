import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErasedSegment, eraseUsers } from "@rondo/personalize";
import { csvFiles } from "./import-program.ts";
import type { PersonalizeProgram, ProgramContext } from "./program.ts";

/** What `model/erasure.json` holds. */
export interface ErasureResult {
  readonly segments: readonly ErasedSegment[];
  /** Single records of the users among the staged ones. */
  readonly events: number;
  readonly userIds: readonly string[];
}

const MEMORY_LIMIT_MIB = 512;

/**
 * Erases the users whose ids are in the CSV files of `input/data/csv` from the staged datasets: segments that held rows of theirs are written anew below
 * `model`, by their types and names.
 */
export const eraseProgram: PersonalizeProgram<object> = {
  async run(_configuration, { directory, signal, threads, log }: ProgramContext): Promise<void> {
    const target = join(directory, "model");
    await mkdir(target, { recursive: true });
    const userIds = await csvFiles(join(directory, "input", "data", "csv"));
    const erasure = await eraseUsers({ directory, userIds, target, threads, memoryLimitMiB: MEMORY_LIMIT_MIB, signal });
    const result: ErasureResult = { segments: erasure.segments, events: erasure.events, userIds: erasure.userIds };
    await writeFile(join(target, "erasure.json"), JSON.stringify(result));
    const erased = result.segments.reduce((sum, segment) => sum + segment.erased, 0);
    log(`Erased ${erased} imported rows of ${result.userIds.length} users.`);
  },
};
