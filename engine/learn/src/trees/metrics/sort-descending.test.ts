import assert from "node:assert/strict";
import { test } from "node:test";
import { sortDescending } from "./sort-descending.ts";

test("highest first, equal ones in their order, NaN last; few and many alike", () => {
  for (const length of [0, 1, 7, 1023, 1024, 5000]) {
    const scores = Float32Array.from({ length: length + 2 }, (_, index) => {
      const number = (Math.imul(index, 2_654_435_761) >>> 8) % 97;
      return number === 5
        ? Number.NaN
        : number === 6
          ? -0
          : number === 7
            ? 0
            : number === 8
              ? -Infinity
              : (number - 40) / 8;
    });
    const expected = [...scores.keys()].slice(1, length + 1).sort((a, b) => {
      const [left, right] = [scores[a] as number, scores[b] as number];
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
      return left === right ? a - b : right > left ? 1 : -1;
    });
    assert.deepEqual([...sortDescending(scores, 1, length + 1)], expected);
  }
});
