import assert from "node:assert/strict";
import { test } from "node:test";
import { createForest, type ForestTree } from "./gradient-boosting-prediction.wasm.ts";

const COLUMNS = 3;

/** A random tree, its children in an order of no kind that the kernel could rely on. */
function createTree(random: () => number, depth: number, output: number): ForestTree {
  const nodes: { left: number; right: number; column: number; condition: number; defaultLeft: number }[] = [];
  const grow = (levels: number): number => {
    const index = nodes.length;
    const node = { left: -1, right: -1, column: 0, condition: Math.fround(random() - 0.5), defaultLeft: 0 };
    nodes.push(node);
    if (levels === 0 || random() < 0.2) return index;
    node.column = Math.floor(random() * COLUMNS);
    node.condition = Math.floor(random() * 9 - 4) / 2;
    node.defaultLeft = Number(random() < 0.5);
    node.right = grow(levels - 1);
    node.left = grow(levels - 1);
    return index;
  };
  grow(depth);
  return {
    leftChildren: Int32Array.from(nodes, ({ left }) => left),
    rightChildren: Int32Array.from(nodes, ({ right }) => right),
    splitColumns: Uint32Array.from(nodes, ({ column }) => column),
    splitConditions: Float32Array.from(nodes, ({ condition }) => condition),
    defaultLeft: Uint8Array.from(nodes, ({ defaultLeft }) => defaultLeft),
    output,
    weight: output === 0 ? 1 : 0.5,
  };
}

/** The scalar reference. */
function leafValue(tree: ForestTree, row: Float32Array): number {
  let node = 0;
  while (tree.leftChildren[node] >= 0) {
    const value = row[tree.splitColumns[node]];
    const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.splitConditions[node];
    node = goesLeft ? tree.leftChildren[node] : tree.rightChildren[node];
  }
  return tree.splitConditions[node];
}

test("rows of numbers, zeros of both signs, infinities and missing values: the scalar reference's sums, on any number of threads", async () => {
  let state = 5;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const trees = Array.from({ length: 12 }, (_, index) => createTree(random, 1 + index, index % 2));
  const special = [Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const value = (): number => (random() < 0.3 ? special[Math.floor(random() * special.length)] : random() * 8 - 4);
  const baseMargins = [0.25, -1];
  for (const rows of [1, 7, 8, 63, 64, 200]) {
    const input = Float32Array.from({ length: rows * COLUMNS }, value);
    const expected = Float32Array.from({ length: rows * 2 }, (_, index) => {
      const row = input.subarray(Math.floor(index / 2) * COLUMNS, (Math.floor(index / 2) + 1) * COLUMNS);
      return trees
        .filter(({ output }) => output === index % 2)
        .reduce(
          (sum, tree) => Math.fround(sum + Math.fround(tree.weight * leafValue(tree, row))),
          baseMargins[index % 2],
        );
    });
    for (const threads of [1, 3]) {
      using forest = createForest({ columns: COLUMNS, trees, baseMargins, threads });
      forest.input.set(input);
      if (threads === 1) forest.predict(rows);
      else await forest.predictTogether(rows);
      assert.deepEqual(forest.margins.slice(0, rows * 2), expected);
    }
  }
});
