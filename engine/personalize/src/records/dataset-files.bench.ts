import { mkdir, mkdtempDisposable, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetSchema } from "../schema/dataset-schema.ts";
import { DATASET_FILES, DATASETS_FOLDER, segmentFile } from "./dataset-directory.ts";
import { literal, openDuckDb } from "./duckdb.ts";
import { importCsv } from "./import-csv.ts";
import { readDatasetGroup } from "./read-dataset-group.ts";

/** Seconds, of the clock and of the processor, in which interactions become a segment, and a segment columns; one in a thousand rows is refused. */
const ROWS = [500_000, 3_000_000];

const text = { type: "string", isNullable: false, isCategorical: false, isTextual: false } as const;
const schema: DatasetSchema = {
  type: "Interactions",
  fields: [
    { ...text, name: "USER_ID" },
    { ...text, name: "ITEM_ID" },
    { ...text, name: "TIMESTAMP", type: "long" },
    { ...text, name: "EVENT_TYPE" },
    { ...text, name: "EVENT_VALUE", type: "float", isNullable: true },
  ],
};

for (const rows of ROWS) {
  await using directory = await mkdtempDisposable(join(tmpdir(), "dataset-files-"));
  const options = { threads: 2, memoryLimitMiB: 512, temporaryDirectory: join(directory.path, "tmp") };
  const file = { name: "interactions.csv", path: join(directory.path, "interactions.csv") };
  await writeCsv(file.path, rows);
  const segment = join(directory.path, "segment.parquet");
  await measure(`import of ${rows} rows`, rows, () => importCsv({ ...options, files: [file], schema, segment }));
  const folder = join(directory.path, DATASETS_FOLDER, "Interactions");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, DATASET_FILES.schema), JSON.stringify(schema));
  await rename(segment, join(folder, segmentFile(0)));
  await measure(`reading of ${rows} rows`, rows, () => readDatasetGroup(directory.path, options));
}

async function writeCsv(path: string, rows: number): Promise<void> {
  using database = await openDuckDb({ threads: 2, memoryLimitMiB: 512, temporaryDirectory: `${path}.tmp` });
  await database.run(
    `copy (select 'user-' || hash(range) % 30000 as USER_ID, 'item-' || hash(range + 1) % 20000 as ITEM_ID,
       1700000000 + range as TIMESTAMP, if(range % 5 = 0, 'Purchase', 'View') as EVENT_TYPE,
       if(range % 1000 = 999, 'much', (range % 100 / 10)::VARCHAR) as EVENT_VALUE from range(${rows}))
     to ${literal(path)} (format csv, header)`,
  );
}

async function measure(name: string, rows: number, work: () => Promise<unknown>): Promise<void> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(used);
  const processor = (user + system) / 1e6;
  process.stdout.write(
    `${name}: ${seconds.toFixed(2)} s, ${processor.toFixed(2)} processor seconds, ${Math.round(rows / seconds)} rows/s, ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most\n`,
  );
}
