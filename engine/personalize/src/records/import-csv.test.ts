import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DataError } from "@rondo/learn";
import type { DatasetSchema } from "../schema/dataset-schema.ts";
import { literal, openDuckDb } from "./duckdb.ts";
import { importCsv } from "./import-csv.ts";
import { describeRefusals, type ImportReport } from "./import-report.ts";
import { field } from "./testing/write-datasets.ts";

const HEADER = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_VALUE,DEVICE";

const interactions: DatasetSchema = {
  type: "Interactions",
  fields: [
    field("USER_ID"),
    field("ITEM_ID"),
    field("TIMESTAMP", { type: "long" }),
    field("EVENT_VALUE", { type: "float", isNullable: true }),
    field("DEVICE", { isNullable: true, isCategorical: true }),
  ],
};

const DUCKDB = { threads: 2, memoryLimitMiB: 256 };

/** Imports files of these contents, named `a.csv`, `b.csv` …; `rows` reads what the segment holds. */
async function openImport(contents: readonly (string | Uint8Array)[], schema = interactions) {
  const directory = await mkdtemp(join(tmpdir(), "import-"));
  const files = contents
    .map((_, index) => `${String.fromCodePoint(97 + index)}.csv`)
    .map((name) => ({ name, path: join(directory, name) }));
  for (const [index, content] of contents.entries()) await writeFile(files[index].path, content);
  const segment = join(directory, "segment.parquet");
  const options = { ...DUCKDB, files, schema, segment, temporaryDirectory: join(directory, "tmp") };
  return {
    import: (signal?: AbortSignal): Promise<ImportReport> => importCsv({ ...options, signal }),
    async rows(): Promise<unknown[][]> {
      using database = await openDuckDb(options);
      const rows = await database.rows<Record<string, unknown>>(`select * from read_parquet(${literal(segment)})`);
      return rows.map((row) => Object.values(row).map((value) => (typeof value === "bigint" ? Number(value) : value)));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

describe("importing CSV", () => {
  test("types what fits the schema, of several files in their order", async () => {
    await using files = await openImport([
      `${HEADER}\nu1,"i,1",10,4.2,tv|pc\nu2,"say ""hi""",11,,\n`,
      `\uFEFF${HEADER}\r\nu3,"two\nlines",12,-1e3,"ü"\r\n`,
    ]);
    assert.deepEqual(await files.import(), { rows: 3, refused: 0, refusals: [] });
    assert.deepEqual(await files.rows(), [
      ["u1", "i,1", 10, 4.2, "tv|pc"],
      ["u2", 'say "hi"', 11, null, null],
      ["u3", "two\nlines", 12, -1000, "ü"],
    ]);
  });

  test("refuses rows one by one and tells file, line, column, value and reason", async () => {
    await using files = await openImport([
      [
        HEADER,
        "u1,i1,10,1,tv",
        "",
        'u2,"two',
        'lines",yesterday,1,tv',
        "u3,i3",
        ",i4,12,1,tv",
        "u5,i5,13.5,1,tv",
        "u6,i6,14,much,tv",
        `u7,${"i".repeat(257)},15,1,tv`,
        "u8,i8,16,1,tv,more",
        "u9,i9,1700000000000,1,tv",
        `u10,i10,17,nan,${"d".repeat(1001)}`,
        "u11,i11,18,1,tv",
      ].join("\n"),
      `${HEADER}\nu12,i12,never,1,tv\nu13,i13,19,1,tv\n`,
    ]);
    const report = await files.import();
    assert.equal(report.rows, 3);
    assert.equal(report.refused, 10);
    assert.deepEqual(await files.rows(), [
      ["u1", "i1", 10, 1, "tv"],
      ["u11", "i11", 18, 1, "tv"],
      ["u13", "i13", 19, 1, "tv"],
    ]);
    const [first] = report.refusals;
    assert.deepEqual(first, {
      column: "TIMESTAMP",
      reason: "is not a whole number of type long",
      count: 3,
      examples: [
        { file: "a.csv", line: 4, value: "yesterday" },
        { file: "a.csv", line: 8, value: "13.5" },
        { file: "b.csv", line: 2, value: "never" },
      ],
    });
    const found = report.refusals.map(({ column, reason, examples }) => [
      column,
      reason,
      examples[0].line,
      examples[0].value,
    ]);
    assert.deepEqual(
      found.slice(1).toSorted((a, b) => Number(a[2]) - Number(b[2])),
      [
        [undefined, "has too few columns", 6, "u3,i3"],
        ["USER_ID", "is missing", 7, undefined],
        ["EVENT_VALUE", "is not a number", 9, "much"],
        ["ITEM_ID", "has more than 256 characters", 10, "i".repeat(200)],
        [undefined, "has too many columns", 11, "u8,i8,16,1,tv,more"],
        ["TIMESTAMP", "is not a time in seconds since 1970", 12, "1700000000000"],
      ].toSorted((a, b) => Number(a[2]) - Number(b[2])),
    );
    assert.match(
      describeRefusals(report),
      /^10 of 13 rows were refused\. TIMESTAMP is not a whole number of type long: 3 rows, first in a\.csv, line 4: "yesterday"\./,
    );
  });

  test("counts what is not UTF-8, and what an open quote swallows", async () => {
    const text = Buffer.concat([
      Buffer.from(`${HEADER}\nu1,i1,1,1,tv\nu2,caf`),
      Buffer.from([0xe9]),
      Buffer.from(",2,1,tv\n"),
    ]);
    await using latin = await openImport([text]);
    assert.deepEqual(
      (await latin.import()).refusals.map(({ reason, count }) => [reason, count]),
      [["is not UTF-8", 1]],
    );
    await using open = await openImport([`${HEADER}\nu1,i1,1,1,tv\nu2,"i2,2,1,tv\nu3,i3,3,1,tv\n`]);
    const report = await open.import();
    assert.equal(report.rows, 1);
    assert.match(describeRefusals(report), /The line has a quote that is not closed.*line 3/);
    assert.doesNotMatch(describeRefusals(report), /u2/, "whose the row is stays in the file");
  });

  test("takes true and false in any case, and texts up to 20,000 characters", async () => {
    const fields = [field("ITEM_ID"), field("IS_NEW", { type: "boolean" }), field("TEXT", { isTextual: true })];
    const text = "x".repeat(20_000);
    await using files = await openImport(
      [`ITEM_ID,IS_NEW,TEXT\ni1,True,${text}\ni2,0,y\ni3,FALSE,${text}x\ni4,false,é\n`],
      { type: "Items", fields },
    );
    const report = await files.import();
    assert.deepEqual(await files.rows(), [
      ["i1", true, text],
      ["i4", false, "é"],
    ]);
    assert.deepEqual(report.refusals.map(({ reason }) => reason).toSorted(), [
      "has more than 20000 characters",
      "is neither true nor false",
    ]);
  });

  test("fails for another header, without rows, and when every row is refused", async () => {
    await using header = await openImport([
      `${HEADER}\nu1,i1,1,1,tv\n`,
      "ITEM_ID,USER_ID,TIMESTAMP,EVENT_VALUE,DEVICE\n",
    ]);
    await assert.rejects(
      header.import(),
      (error) =>
        error instanceof DataError &&
        /header of b\.csv is ITEM_ID,USER_ID.*must be USER_ID,ITEM_ID/.test(error.message),
    );
    await using empty = await openImport([""]);
    await assert.rejects(empty.import(), /header of a\.csv is empty/);
    await using noRows = await openImport([`${HEADER}\n`]);
    await assert.rejects(noRows.import(), /no rows besides their headers/);
    await using refused = await openImport([`${HEADER}\nu1,i1,now,1,tv\n`]);
    await assert.rejects(
      refused.import(),
      (error) => error instanceof DataError && /1 of 1 rows were refused/.test(error.message),
    );
    await using mixed = await openImport([`${HEADER}\nu1,i1,1,1,tv\r\nu2,i2,2,1,tv\n`]);
    await assert.rejects(
      mixed.import(),
      (error) => error instanceof DataError && /carriage return/.test(error.message),
    );
    await using none = await openImport([]);
    await assert.rejects(none.import(), /no file/);
  });

  test("ends when the signal is aborted", async () => {
    await using files = await openImport([`${HEADER}\n${"u1,i1,1,1,tv\n".repeat(200_000)}`]);
    const stopping = new AbortController();
    const imported = files.import(stopping.signal);
    stopping.abort(new Error("stopped"));
    await assert.rejects(imported, /stopped/);
  });
});
