import assert from "node:assert/strict";
import { test } from "node:test";
import { buildLabelPaths } from "./huffman-tree.ts";

/** Each label's decisions from the root: the deciding node and the side. */
function decisions(counts: readonly number[]): string[] {
  const { starts, steps } = buildLabelPaths(counts);
  return counts.map((_, label) =>
    Array.from(steps.slice(starts[label], starts[label + 1]))
      .reverse()
      .map((step) => `${step >> 1}${step & 1 ? "+" : "-"}`)
      .join(" "),
  );
}

test("frequent labels have short paths", () => {
  // 1 + 2 = 3 (node 0), 3 + 3 = 6 (node 1), 6 + 10 = 16 (node 2, the root).
  assert.deepEqual(decisions([10, 3, 2, 1]), ["2+", "2- 1+", "2- 1- 0+", "2- 1- 0-"]);
  assert.deepEqual(decisions([1, 1]), ["0+", "0-"]);
  assert.deepEqual(decisions([5]), [""]);
});

test("every label has a path of its own, and no path begins another", () => {
  const counts = Array.from({ length: 200 }, (_, label) => 1000 - label * 3);
  const paths = decisions(counts);
  for (const [index, path] of paths.entries()) {
    assert.ok(paths.every((other, position) => position === index || !`${other} `.startsWith(`${path} `)));
  }
});
