import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DatasetSchema, describeRefusals, type ImportReport, importCsv } from "@rondo/personalize";
import type { PersonalizeProgram, ProgramContext } from "./program.ts";

export interface ImportConfiguration {
  readonly schema: DatasetSchema;
}

/** What DuckDB may hold; the rest of a large import goes to `tmp`. */
const MEMORY_LIMIT_MIB = 512;

/** Imports the CSV files of `input/data/csv` into `model/segment.parquet`; `model/report.json` tells of the rows that were refused. */
export const importProgram: PersonalizeProgram<ImportConfiguration> = {
  async run({ schema }, { directory, signal, threads, log }: ProgramContext): Promise<void> {
    const files = await csvFiles(join(directory, "input", "data", "csv"));
    log(`Importing ${files.length} files into ${schema.type}.`);
    const target = join(directory, "model");
    await mkdir(target, { recursive: true });
    const report = await importCsv({
      files,
      schema,
      segment: join(target, "segment.parquet"),
      threads,
      memoryLimitMiB: MEMORY_LIMIT_MIB,
      temporaryDirectory: join(directory, "tmp"),
      signal,
    });
    await writeFile(join(target, "report.json"), JSON.stringify(report));
    logReport(report, log);
  },
};

/** Sorted by name, as S3 lists them. */
export async function csvFiles(folder: string): Promise<{ readonly name: string; readonly path: string }[]> {
  const names = await readdir(folder);
  return names.toSorted().map((name) => ({ name, path: join(folder, name) }));
}

function logReport(report: ImportReport, log: (line: string) => void): void {
  log(`Imported ${report.rows} rows.`);
  if (report.refused > 0) log(describeRefusals(report));
}
