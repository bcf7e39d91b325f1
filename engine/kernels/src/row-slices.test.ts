import assert from "node:assert/strict";
import { test } from "node:test";
import { type RowSlices, sliceByCost } from "./row-slices.ts";

async function slicesOf(slices: RowSlices, signal?: AbortSignal): Promise<[number, number][]> {
  const result: [number, number][] = [];
  for await (const { first, end } of sliceByCost(slices, signal)) result.push([first, end]);
  return result;
}

const costOf = (row: number): number => (row === 3 ? 100 : 1);

test("slices end where their cost is reached, at multiples of the alignment, and are no longer than allowed", async () => {
  assert.deepEqual(await slicesOf({ rows: 7, costOf, budget: 50 }), [
    [0, 4],
    [4, 7],
  ]);
  assert.deepEqual(await slicesOf({ rows: 10, costOf, budget: 3, alignment: 4 }), [
    [0, 4],
    [4, 8],
    [8, 10],
  ]);
  assert.deepEqual(await slicesOf({ rows: 5, costOf, budget: 1000, longest: 2 }), [
    [0, 2],
    [2, 4],
    [4, 5],
  ]);
  assert.deepEqual(await slicesOf({ rows: 0, costOf, budget: 1 }), []);
});

test("an abort is seen after the slice in which it came", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const { first } of sliceByCost({ rows: 9, costOf, budget: 1 }, controller.signal)) {
      seen.push(first);
      if (first === 2) controller.abort(new Error("enough"));
    }
  }, /enough/);
  assert.deepEqual(seen, [0, 1, 2]);
});
