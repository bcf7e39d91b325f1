import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { DatasetSchema } from "../schema/dataset-schema.ts";
import { findDatasetFiles } from "./dataset-directory.ts";
import type { IngestionMode } from "./dataset-relation.ts";
import { exportCsv } from "./export-csv.ts";
import { importCsv } from "./import-csv.ts";
import { field, writeDatasets } from "./testing/write-datasets.ts";

const schema: DatasetSchema = {
  type: "Items",
  fields: [field("ITEM_ID"), field("PRICE", { type: "float", isNullable: true }), field("TITLE", { isNullable: true })],
};

test("a dataset is exported as it was imported, as it was put, or both, and can be imported again", async () => {
  const row = (id: string, price: string, title: string) =>
    `select '${id}' as ITEM_ID, ${price}::DOUBLE as PRICE, ${title} as TITLE`;
  await using directory = await writeDatasets({
    Items: {
      schema,
      segments: [`${row("a", "4.2", `'say "hi", you'`)} union all ${row("b", "null", "null")}`],
      events: [{ number: 1, values: { ITEM_ID: "b", PRICE: 7, TITLE: "two\nlines" } }],
    },
  });
  const files = await findDatasetFiles(directory.path, "Items");
  assert.ok(files !== undefined);
  const target = join(directory.path, "items.csv");
  const options = { threads: 2, memoryLimitMiB: 256, temporaryDirectory: join(directory.path, "tmp") };
  const lines = async (mode: IngestionMode) => {
    const rows = await exportCsv({ ...options, files, mode, target });
    return [rows, await readFile(target, "utf8")];
  };
  assert.deepEqual(await lines("BULK"), [2, 'ITEM_ID,PRICE,TITLE\na,4.2,"say ""hi"", you"\nb,,\n']);
  assert.deepEqual(await lines("PUT"), [1, 'ITEM_ID,PRICE,TITLE\nb,7.0,"two\nlines"\n']);
  assert.deepEqual(await lines("ALL"), [2, 'ITEM_ID,PRICE,TITLE\na,4.2,"say ""hi"", you"\nb,7.0,"two\nlines"\n']);
  const segment = join(directory.path, "again.parquet");
  const report = await importCsv({ ...options, files: [{ name: "items.csv", path: target }], schema, segment });
  assert.deepEqual(report, { rows: 2, refused: 0, refusals: [] });
});
