import assert from "node:assert/strict";
import { test } from "node:test";
import { type Sql, type SqlConnection } from "@rondo/store";
import { createDefinitions } from "./definitions.ts";
import { definitionOf } from "./testing/definitions.ts";

/** A definition of a little over a million characters for each version, and how often one was read. */
function countingSql() {
  const reads: number[] = [];
  const fail = { Name: "Refuse", Type: "Fail", Arguments: { ErrorMessage: "x".repeat(1_040_000) } };
  const definition = JSON.stringify(definitionOf([fail]));
  const query: SqlConnection["query"] = async <Row extends object>(_: string, values: readonly unknown[] = []) => {
    reads.push(values[1] as number);
    return [{ definition }] as object[] as Row[];
  };
  return { sql: { query } as Sql, reads };
}

test("definitions that were used lately are kept, up to four million characters", async () => {
  const { sql, reads } = countingSql();
  const definitions = createDefinitions(sql);
  const read = async (...versions: readonly number[]) => {
    for (const version of versions) await definitions.read({ pipelineId: 1, version });
  };
  await read(1, 2, 3, 4, 1, 2);
  assert.deepEqual(reads, [1, 2, 3, 4]);
  await read(5, 1, 2, 3);
  assert.deepEqual(reads, [1, 2, 3, 4, 5, 3], "the one that was not used for longest was dropped");
});
