import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { tableFileOf } from "../../testing/table-file-of.ts";
import { toDense } from "../matrix.ts";
import { parseJsonInstances, parseJsonLines, readJsonLines } from "./read-json-lines.ts";

const { NaN: missing } = Number;

test("lines of all forms, in pieces of any length", async () => {
  const text = [
    '{"label": 1, "weight": 0.5, "group": 7, "features": [1.5, null]}',
    "",
    '{"label": 0, "weight": 1, "group": 7, "data": {"features": {"values": ["NaN", -2]}}}\r',
    '{"label": 2, "weight": 2, "group": 9, "data": {"features": {"values": [3, 4], "shape": [2]}}}',
  ].join("\n");
  for (let pieceBytes = 1; pieceBytes < 80; pieceBytes += 1) {
    const table = await readJsonLines([tableFileOf("a.jsonl", text, pieceBytes)]);
    assert.deepEqual([...toDense(table.features).values], [1.5, missing, missing, -2, 3, 4]);
    assert.deepEqual(
      [[...(table.labels ?? [])], [...(table.weights ?? [])]],
      [
        [1, 0, 2],
        [0.5, 1, 2],
      ],
    );
    assert.deepEqual([...(table.groups ?? [])], [0, 0, 1]);
  }
});

test("lists have the label first", async () => {
  const table = await readJsonLines([tableFileOf("a", "[1, 2, 3]\n", 4), tableFileOf("b", "[0, 4, 5]", 4)]);
  assert.deepEqual(
    [[...toDense(table.features).values], [...(table.labels ?? [])]],
    [
      [2, 3, 4, 5],
      [1, 0],
    ],
  );
});

test("requests: instances or a list, dense or sparse, labels not looked at", () => {
  const parse = (text: string) => parseJsonInstances(Buffer.from(text), { labelColumns: 0, columns: 3 }).features;
  const dense = [1, 2, 3, 4, missing, 6];
  assert.deepEqual([...toDense(parse('{"instances": [{"features": [1, 2, 3]}, [4, null, 6]]}')).values], dense);
  assert.deepEqual([...toDense(parse("[[1, 2, 3], [4, null, 6]]")).values], dense);
  const sparse = parse(
    '{"instances":[{"data":{"features":{"values":[7,8],"keys":[2,0],"shape":[3]}}},{"data":{"features":{"values":[],"keys":[]}}}]}',
  );
  assert.equal(sparse.kind, "sparse");
  assert.deepEqual([...toDense(sparse).values], [8, 0, 7, 0, 0, 0]);
});

test("what is wrong is said with line or instance and value", () => {
  const wrongLines = {
    '{"features": [1]}\n': /^DataError: a, line 1: there is no "label"/,
    '{"label": 1, "features": [1]}\n\n{"label": 1, "features": ["x"]}\n': /line 3: "\\"x\\"" is not a number/,
    "{": /this is not JSON/,
    "7": /"7" is not of the form/,
    '{"label": 1, "features": [1]}\n{"label": 1, "features": [1, 2]}': /line 2: there are 2 values, not 1/,
    '{"label": null, "features": [1]}': /the label is missing/,
    '{"label": 1, "weight": 1, "features": [1]}\n{"label": 1, "features": [1]}': /either all rows have a weight/,
    '{"label": 1, "features": [1e39]}': /1e\+39, is no number of 32 bits/,
    '{"label": 1}': /is not of the form/,
    "\n": /empty/,
  };
  for (const [text, message] of Object.entries(wrongLines)) {
    assert.throws(() => parseJsonLines(Buffer.from(text), {}, "a"), message, text);
  }
  const wrongRequests = {
    '{"instances": 1}': /is not of the form/,
    null: /is not of the form/,
    '{"instances": []}': /no instance/,
    '{"instances": [{"features": [1]}, {"features": [1, 2]}]}': /instance 2: there are 2 values, not 1/,
    '[{"data": {"features": {"values": [1], "keys": [1.5]}}}]': /instance 1: there is no column 1\.5/,
    '[{"data": {"features": {"values": [1], "keys": [1, 2]}}}]': /2 keys for 1 values/,
    '[{"data": {"features": {"values": [1], "keys": [1], "shape": [1e99]}}}]': /the row has 1e\+99 columns/,
    '[{"data": {"features": {"values": [1], "keys": [1], "shape": ["x"]}}}]': /shape/,
    '[{"data": 1}]': /is not of the form/,
  };
  for (const [text, message] of Object.entries(wrongRequests)) {
    const parse = () => parseJsonInstances(Buffer.from(text), { labelColumns: 0 });
    assert.throws(parse, (error) => error instanceof DataError && message.test(error.message), text);
  }
});
