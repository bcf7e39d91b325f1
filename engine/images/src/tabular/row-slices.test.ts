import assert from "node:assert/strict";
import { test } from "node:test";
import { denseMatrix } from "@rondo/learn";
import { rowSlices } from "./row-slices.ts";

const rows = denseMatrix([[0], [1], [2], [3], [4]]);

test("every row once, in order, with its number", async () => {
  const slices: number[][] = [];
  for await (const { start, features } of rowSlices(rows, 2, new AbortController().signal)) {
    slices.push([start, ...features.values]);
  }
  assert.deepEqual(slices, [
    [0, 0, 1],
    [2, 2, 3],
    [4, 4],
  ]);
});

test("an abort between two slices ends them", async () => {
  const controller = new AbortController();
  const starts: number[] = [];
  for await (const { start } of rowSlices(rows, 2, controller.signal)) {
    starts.push(start);
    setImmediate(() => controller.abort());
  }
  assert.deepEqual(starts, [0]);
});
