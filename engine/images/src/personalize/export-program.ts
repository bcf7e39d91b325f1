import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DatasetType, exportCsv, findDatasetFiles, type IngestionMode } from "@rondo/personalize";
import type { PersonalizeProgram, ProgramContext } from "./program.ts";

export interface ExportConfiguration {
  readonly type: DatasetType;
  readonly mode: IngestionMode;
  /** Of the file in `output/data`. */
  readonly fileName: string;
}

const MEMORY_LIMIT_MIB = 512;

/** Exports the staged dataset as one CSV file in `output/data`. */
export const exportProgram: PersonalizeProgram<ExportConfiguration> = {
  async run({ type, mode, fileName }, { directory, signal, threads, log }: ProgramContext): Promise<void> {
    const files = await findDatasetFiles(directory, type);
    if (files === undefined) throw new Error(`There is no ${type} dataset in ${directory}.`);
    const target = join(directory, "output", "data", fileName);
    await mkdir(dirname(target), { recursive: true });
    const temporaryDirectory = join(directory, "tmp");
    const options = { threads, memoryLimitMiB: MEMORY_LIMIT_MIB, temporaryDirectory, signal };
    const rows = await exportCsv({ ...options, files, mode, target });
    log(`Exported ${rows} rows of ${type} (${mode}).`);
  },
};
