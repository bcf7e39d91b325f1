import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { DataError } from "../../algorithm.ts";
import type { TableOptions } from "../table-options.ts";
import { type ParquetFile, readParquet } from "./read-parquet.ts";

/** Writes the result of each query to a file; the folder goes with the disposal. */
async function parquetFiles(
  queries: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly files: readonly ParquetFile[] }> {
  const folder = await mkdtemp(join(tmpdir(), "parquet-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const [name, query] of Object.entries(queries)) {
    await connection.run(`COPY (${query}) TO '${join(folder, name)}' (FORMAT parquet)`);
  }
  connection.closeSync();
  instance.closeSync();
  const files = Object.keys(queries).map((name) => ({ name, path: join(folder, name) }));
  return { files, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function read(queries: Readonly<Record<string, string>>, options?: TableOptions) {
  await using written = await parquetFiles(queries);
  return await readParquet(written.files, options);
}

test("columns of all kinds of numbers, label first, several files", async () => {
  const table = await read({
    a: 'SELECT 1::BIGINT AS y, 1.5::DOUBLE AS a, true AS b, 2.25::DECIMAL(9, 2) AS "c, ""d" UNION ALL SELECT 0, NULL, false, \'nan\'::FLOAT',
    b: 'SELECT 7::TINYINT AS y, -3::INTEGER AS a, NULL::BOOLEAN AS b, 4::UBIGINT AS "c, ""d"',
  });
  assert.ok(table.features.kind === "dense" && table.features.values.buffer instanceof SharedArrayBuffer);
  const { NaN: missing } = Number;
  assert.deepEqual([...table.features.values], [1.5, 1, 2.25, missing, 0, missing, -3, missing, 4]);
  assert.deepEqual([...(table.labels ?? [])], [1, 0, 7]);
  assert.deepEqual(table.names, ["a", "b", 'c, "d']);
});

test("more rows than come at once, in order", async () => {
  const { features, labels } = await read({ a: "SELECT range AS y, range * 2 AS a FROM range(100000)" });
  assert.ok(features.kind === "dense" && labels !== undefined);
  assert.equal(labels.length, 100_000);
  assert.ok(features.values.every((value, row) => value === row * 2 && labels[row] === row));
});

test("weights, groups and categories", async () => {
  const query = "SELECT * FROM (VALUES (1, 0.5, 9, 'b', 1), (0, 2, 9, 'a', 2), (1, 1, 3, '', 3)) AS t(y, w, q, a, b)";
  const table = await read({ a: query }, { weightColumn: true, groupColumn: true, categories: "text" });
  assert.ok(table.features.kind === "dense");
  assert.deepEqual([...table.features.values], [1, 1, 0, 2, Number.NaN, 3]);
  assert.deepEqual(table.categories, [["a", "b"], undefined]);
  assert.deepEqual(
    [[...(table.weights ?? [])], [...(table.groups ?? [])]],
    [
      [0.5, 2, 1],
      [0, 0, 1],
    ],
  );
});

test("what is wrong is said with file, row and column", async () => {
  const wrong: readonly (readonly [Readonly<Record<string, string>>, TableOptions, RegExp])[] = [
    [{ a: "SELECT 1 AS y, 'x' AS a" }, {}, /^a, column 2: a is of type VARCHAR, not of numbers/],
    [
      { a: "SELECT 1 AS y, 1 AS a", b: "SELECT 1 AS y, 1 AS b" },
      {},
      /^b, column 2: it is called b, in the first file a/,
    ],
    [{ a: "SELECT 1 AS y, 1 AS a", b: "SELECT 1 AS y" }, {}, /^b: there are 1 columns, in the first file 2/],
    [{ a: "SELECT 1 AS y, 1 AS a UNION ALL SELECT 1, 1e39" }, {}, /^a, record 2, column 2: 1e\+39 is no number/],
    [{ a: "SELECT 1 AS y, 1 AS a UNION ALL SELECT NULL, 1" }, {}, /^a, record 2: the label is missing/],
    [{ a: "SELECT 1 AS y" }, {}, /0 columns of features/],
    [{ a: "SELECT 1 AS y, 2 AS a" }, { columns: 2 }, /1 columns of features, not 2/],
    [{ a: "SELECT 1 AS y, 2 AS a WHERE false" }, {}, /empty/],
  ];
  for (const [queries, options, message] of wrong) {
    await assert.rejects(
      read(queries, options),
      (error) => error instanceof DataError && message.test(error.message),
      String(message),
    );
  }
});

test("no Parquet at all", async () => {
  await using written = await parquetFiles({ a: "SELECT 1 AS y, 2 AS a" });
  const [file] = written.files;
  await writeFile(file.path, "1,2\n");
  await assert.rejects(readParquet([file]), /DataError: a: this is no Parquet file/);
});
