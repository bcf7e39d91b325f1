import assert from "node:assert/strict";
import { test } from "node:test";
import { groupKFold, kFold, refuseLeaks, type Split, stratifiedKFold, timeSplit } from "./splits.ts";

const options = { folds: 4, seed: 3 };

/** Every row is tested once and trained on in all other folds. */
function assertCovers(splits: readonly Split[], rows: number): void {
  const all = Array.from({ length: rows }, (_, row) => row);
  assert.deepEqual(
    splits.flatMap(({ test }) => [...test]).toSorted((a, b) => a - b),
    all,
  );
  for (const { train, test } of splits)
    assert.deepEqual(
      [...train, ...test].toSorted((a, b) => a - b),
      all,
    );
}

test("folds are of equal size, and the seed decides", () => {
  const splits = kFold(22, options);
  assertCovers(splits, 22);
  assert.deepEqual(splits.map(({ test }) => test.length).toSorted(), [5, 5, 6, 6]);
  assert.deepEqual(kFold(22, options), splits);
  assert.notDeepEqual(kFold(22, { ...options, seed: 4 }), splits);
});

test("stratified folds have the classes' shares, and rare classes are spread", () => {
  const labels = Array.from({ length: 100 }, (_, row) => (row < 10 ? 1 : row < 12 ? 2 : row < 14 ? 3 : 0));
  const splits = stratifiedKFold(labels, options);
  assertCovers(splits, 100);
  const counts = splits.map(({ test }) =>
    [0, 1, 2, 3].map((label) => [...test].filter((row) => labels[row] === label).length),
  );
  for (const [zeros = 0, ones = 0] of counts)
    assert.ok(zeros >= 21 && zeros <= 22 && ones >= 2 && ones <= 3, String(counts));
  assert.ok(
    counts.every(([, , twos = 0, threes = 0]) => twos <= 1 && threes <= 1),
    String(counts),
  );
  assert.deepEqual(
    splits.map(({ test }) => test.length),
    [25, 25, 25, 25],
  );
});

test("a group is never on both sides, and folds are about equally large", () => {
  const groups = Array.from({ length: 200 }, (_, row) => `user-${Math.floor(Math.sqrt(row * 7))}`);
  const splits = groupKFold(groups, options);
  assertCovers(splits, 200);
  for (const split of splits) {
    refuseLeaks(split, (row) => groups[row] ?? "");
    assert.ok(split.test.length >= 45 && split.test.length <= 55);
  }
});

test("a time-based split trains on the past, with a gap before the future", () => {
  const times = [5, 1, 9, 3, 7, 8, 2];
  assert.deepEqual(timeSplit(times, { from: 7 }), { train: Uint32Array.of(0, 1, 3, 6), test: Uint32Array.of(2, 4, 5) });
  assert.deepEqual(timeSplit(times, { from: 7, until: 9, gap: 3 }), {
    train: Uint32Array.of(1, 3, 6),
    test: Uint32Array.of(4, 5),
  });
});

test("leaks and what cannot be split are refused with the reason", () => {
  const split = { train: Uint32Array.of(0, 1), test: Uint32Array.of(2) };
  const texts = ["good phone", "bad phone", "good phone"];
  assert.throws(() => refuseLeaks(split, (row) => texts[row] ?? ""), /"good phone" is both in row 0 .* and in row 2/);
  assert.throws(() => kFold(3, options), /3 rows cannot be divided into 4 folds/);
  assert.throws(() => kFold(30, { folds: 1, seed: 1 }), /1 folds; there must be at least 2/);
  assert.throws(() => groupKFold(["a", "a", "b", "b"], { folds: 3, seed: 1 }), /2 groups cannot be divided into 3/);
  assert.throws(() => timeSplit([1, Number.NaN], { from: 1 }), /The time of row 1 is missing/);
  assert.throws(() => timeSplit([1, 2], { from: 1 }), /nothing to train on/);
  assert.throws(() => timeSplit([1, 2], { from: 3 }), /nothing to test on/);
});
