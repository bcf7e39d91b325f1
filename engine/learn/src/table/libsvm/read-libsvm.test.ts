import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { tableFileOf } from "../../testing/table-file-of.ts";
import type { SparseMatrix } from "../matrix.ts";
import type { Table } from "../table.ts";
import { parseLibsvm, readLibsvm } from "./read-libsvm.ts";

function sparse({ features }: Table): SparseMatrix {
  assert.ok(features.kind === "sparse");
  return features;
}

test("labels and entries as they are written; the same in pieces of any length", async () => {
  const text = "1 0:1 2:3.5 # good\r\n\n# nothing\n0 5:2 1:nan\t3:4\n-1";
  for (let pieceBytes = 1; pieceBytes < 50; pieceBytes += 1) {
    const table = await readLibsvm([tableFileOf("a", text, pieceBytes)]);
    const { rows, columns, rowStarts, columnIndexes, values, absent } = sparse(table);
    assert.deepEqual([rows, columns, absent], [3, 6, "missing"]);
    assert.deepEqual(
      [[...rowStarts], [...columnIndexes], [...values]],
      [
        [0, 2, 4, 4],
        [0, 2, 3, 5],
        [1, 3.5, 4, 2],
      ],
    );
    assert.deepEqual([...(table.labels ?? [])], [1, 0, -1]);
  }
});

test("weights and groups", () => {
  const table = parseLibsvm(Buffer.from("1:2 qid:7 0:1\n0:.5 qid:7 1:1\n0:1 qid:2 1:2"));
  assert.deepEqual([...(table.weights ?? [])], [2, 0.5, 1]);
  assert.deepEqual([...(table.groups ?? [])], [0, 0, 1]);
});

test("requests: with a label or without, as many columns as the model has", () => {
  const table = parseLibsvm(Buffer.from("1 0:1\n3:4"), { labelColumns: 0, columns: 9, absent: "zero" });
  const { rows, columns, columnIndexes, absent } = sparse(table);
  assert.deepEqual([rows, columns, [...columnIndexes], absent, table.labels], [2, 9, [0, 3], "zero", undefined]);
});

test("what is wrong is said with file, line and value", async () => {
  const wrong = {
    "1 a:1\n": /^train, line 1: "a:1" is not of the form column:value/,
    "1 0:1\n1 2:x\n": /line 2: "x" is not a number of 32 bits/,
    "": /empty/,
    "x 1:2": /"x" is not a number/,
    "1 1:2 1:3": /column 1 is there twice/,
    "1 2": /"2" is not of the form/,
    "1 qid:3 1:2\n1 1:2\n": /line 2: either all rows have a weight/,
    "1:1 1:2\n1 1:2\n": /line 2: either all rows have a weight/,
    "1 qid:x 1:2": /"qid:x" is not of the form qid:number/,
    "1 qid: 1:2": /"qid:" is not of the form qid:number/,
    "1 qid:1 1:2\n1 qid:2\n1 qid:1": /line 3: group 1 was there before/,
    "1 1:2:3": /is not/,
    "1 1:1e39": /"1e39" is not a number of 32 bits/,
    "1 1:": /"" is not a number/,
    "1 -1:2": /"-1:2" is not of the form/,
    "1 4294967295:2": /there is no column 4294967295/,
    "nan 1:2": /the label is missing/,
  };
  for (const [text, message] of Object.entries(wrong)) {
    const reading = readLibsvm([tableFileOf("train", text, 3)]);
    await assert.rejects(reading, (error) => error instanceof DataError && message.test(error.message), text);
  }
});
