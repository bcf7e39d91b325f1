import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DataError } from "@rondo/learn";
import type { DatasetSchema } from "../schema/dataset-schema.ts";
import { literal, openDuckDb } from "./duckdb.ts";
import { eraseUsers } from "./erase-users.ts";
import { field, writeDatasets } from "./testing/write-datasets.ts";

const interactions: DatasetSchema = { type: "Interactions", fields: [field("USER_ID"), field("ITEM_ID")] };
const users: DatasetSchema = { type: "Users", fields: [field("USER_ID"), field("AGE", { type: "int" })] };
const items: DatasetSchema = { type: "Items", fields: [field("ITEM_ID"), field("GENRE")] };
const DUCKDB = { threads: 2, memoryLimitMiB: 256 };

const clicks = (...pairs: string[]) =>
  pairs
    .map((pair) => pair.split(" "))
    .map(([user, item]) => `select '${user}' as USER_ID, '${item}' as ITEM_ID`)
    .join(" union all ");

async function openErasure(userIds: string) {
  const directory = await writeDatasets({
    Interactions: {
      schema: interactions,
      segments: [clicks("u1 a", "u2 b", "u1 c"), clicks("u3 a"), clicks("u2 d")],
      events: ["u2", "u3", "u2"].map((userId, index) => ({ number: index + 1, userId, values: { ITEM_ID: "e" } })),
    },
    Users: { schema: users, segments: ["select 'u1' as USER_ID, 30 as AGE union all select 'u3', 40"] },
    Items: { schema: items, segments: ["select 'u1' as ITEM_ID, 'drama' as GENRE"] },
  });
  const path = join(directory.path, "ids.csv");
  await writeFile(path, userIds);
  const target = join(directory.path, "model");
  return {
    erase: () => eraseUsers({ ...DUCKDB, directory: directory.path, userIds: [{ name: "ids.csv", path }], target }),
    async rowsOf(file: string): Promise<unknown[][]> {
      using database = await openDuckDb({ ...DUCKDB, temporaryDirectory: join(directory.path, "tmp") });
      const rows = await database.rows<object>(`select * from read_parquet(${literal(join(target, file))})`);
      return rows.map((row) => Object.values(row));
    },
    files: async () =>
      (await readdir(target, { recursive: true })).filter((name) => name.endsWith(".parquet")).toSorted(),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe("erasing users", () => {
  test("writes the segments anew that held rows of theirs", async () => {
    await using erasure = await openErasure("USER_ID\nu2\nu1\nu2\nunknown\n");
    const { segments, userIds, events, report } = await erasure.erase();
    assert.equal(events, 2);
    assert.deepEqual(userIds, ["u1", "u2", "unknown"]);
    assert.equal(report.rows, 4);
    assert.deepEqual(segments, [
      { type: "Interactions", index: 0, erased: 3, rows: 0 },
      { type: "Interactions", index: 2, erased: 1, rows: 0 },
      { type: "Users", index: 0, erased: 1, rows: 1 },
    ]);
    assert.deepEqual(await erasure.files(), ["Users/000000.parquet"]);
    assert.deepEqual(await erasure.rowsOf("Users/000000.parquet"), [["u3", 40]]);
  });

  test("keeps the order of what is left", async () => {
    await using erasure = await openErasure("USER_ID\nu2\n");
    const { segments } = await erasure.erase();
    assert.deepEqual(
      segments.map(({ erased, rows }) => [erased, rows]),
      [
        [1, 2],
        [1, 0],
      ],
    );
    assert.deepEqual(await erasure.rowsOf("Interactions/000000.parquet"), [
      ["u1", "a"],
      ["u1", "c"],
    ]);
  });

  test("fails for a file with another header", async () => {
    await using erasure = await openErasure("USER\nu1\n");
    await assert.rejects(
      erasure.erase(),
      (error) => error instanceof DataError && /header of ids\.csv is USER;.*USER_ID/.test(error.message),
    );
  });
});
