import assert from "node:assert/strict";
import { test } from "node:test";
import { GENERATED_COLUMNS, generateRows } from "./generated-rows.ts";

/** As it is published: the state goes on from number to number. */
function publishedMulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("rows are the numbers of mulberry32 in order, each row's last draw kept for the label", () => {
  const { features } = generateRows(50);
  assert.ok(features.kind === "dense");
  assert.ok(features.values.buffer instanceof SharedArrayBuffer);
  const next = publishedMulberry32(42);
  for (let row = 0; row < 50; row += 1) {
    for (let column = 0; column < GENERATED_COLUMNS; column += 1) {
      assert.equal(features.values[row * GENERATED_COLUMNS + column], Math.fround(next()));
    }
    next();
  }
});

test("the label follows the columns: a steep column moves its share, an idle one does not", () => {
  const rows = 20_000;
  const { features, labels } = generateRows(rows);
  const shareWhereAbove = (column: number, isAbove: boolean): number => {
    let count = 0;
    let positive = 0;
    for (let row = 0; row < rows; row += 1) {
      if (features.values[row * GENERATED_COLUMNS + column]! > 0.5 !== isAbove) continue;
      count += 1;
      positive += labels?.[row] ?? 0;
    }
    return positive / count;
  };
  assert.ok(shareWhereAbove(3, true) - shareWhereAbove(3, false) > 0.15);
  assert.ok(Math.abs(shareWhereAbove(19, true) - shareWhereAbove(19, false)) < 0.03);
});
