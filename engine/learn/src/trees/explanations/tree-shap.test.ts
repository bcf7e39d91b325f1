import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegressionTree } from "../tree-ensemble.ts";
import { createRowDecision } from "./row-decision.ts";
import { treePaths } from "./tree-paths.ts";
import { createTreeExplainer } from "./tree-shap.ts";

const COLUMNS = 5;

/** Numbers from 0 to 1 that are the same at every run. */
function createNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Splits the columns again and again, so that ways have several splits of one column; some splits have no training row. */
function growTree(depth: number, next: () => number): RegressionTree {
  const nodes = 2 ** (depth + 1) - 1;
  const inner = 2 ** depth - 1;
  const sumHessians = new Float32Array(nodes).fill(1000);
  for (let node = 0; node < inner; node += 1) {
    const left = next() < 0.1 ? 0 : next() * sumHessians[node];
    sumHessians[2 * node + 1] = left;
    sumHessians[2 * node + 2] = sumHessians[node] - left;
  }
  const numbers = (make: (node: number) => number): Float32Array =>
    Float32Array.from({ length: nodes }, (_, node) => make(node));
  return {
    leftChildren: Int32Array.from(numbers((node) => (node < inner ? 2 * node + 1 : -1))),
    rightChildren: Int32Array.from(numbers((node) => (node < inner ? 2 * node + 2 : -1))),
    splitColumns: Uint32Array.from(numbers(() => Math.floor(next() * COLUMNS))),
    splitConditions: numbers(() => next() - 0.5),
    defaultLeft: Uint8Array.from(numbers(() => (next() < 0.5 ? 1 : 0))),
    lossChanges: new Float32Array(nodes),
    sumHessians,
    baseWeights: new Float32Array(nodes),
  };
}

/** What the tree says when only the columns of the set are known: at splits of others both ways, by their training rows. */
function valueOf(tree: RegressionTree, row: Float32Array, known: number): number {
  const goesLeft = createRowDecision(tree);
  const visit = (node: number): number => {
    const [left, right] = [tree.leftChildren[node], tree.rightChildren[node]];
    if (left < 0) return tree.splitConditions[node];
    if ((known >> tree.splitColumns[node]) & 1) return visit(goesLeft(node, row) ? left : right);
    const all = tree.sumHessians[node];
    const share = (child: number): number => (all > 0 ? tree.sumHessians[child] / all : 0.5);
    return share(left) * visit(left) + share(right) * visit(right);
  };
  return visit(0);
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const sizeOf = (set: number): number => set.toString(2).replaceAll("0", "").length;

/** Shapley values and interactions by their definition, over all sets of columns. */
function bruteForce(tree: RegressionTree, row: Float32Array) {
  const values = Array.from({ length: 2 ** COLUMNS }, (_, known) => valueOf(tree, row, known));
  const contributions = new Float64Array(COLUMNS);
  const interactions = new Float64Array(COLUMNS * COLUMNS);
  for (let known = 0; known < 2 ** COLUMNS; known += 1) {
    const size = sizeOf(known);
    for (let i = 0; i < COLUMNS; i += 1) {
      if ((known >> i) & 1) continue;
      const gain = values[known | (1 << i)] - values[known];
      contributions[i] += (factorial(size) * factorial(COLUMNS - size - 1) * gain) / factorial(COLUMNS);
      for (let j = 0; j < COLUMNS; j += 1) {
        if (j === i || (known >> j) & 1) continue;
        const both = values[known | (1 << i) | (1 << j)] - values[known | (1 << j)] - gain;
        interactions[i * COLUMNS + j] +=
          (factorial(size) * factorial(COLUMNS - size - 2) * both) / (2 * factorial(COLUMNS - 1));
      }
    }
  }
  return { contributions, interactions, mean: values[0], value: values.at(-1) ?? 0 };
}

test("Shapley values and interactions by their definition, additive within 1e-9", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const next = createNumbers(seed);
    const tree = growTree(1 + (seed % 8), next);
    const paths = treePaths(tree);
    const explainer = createTreeExplainer(paths);
    for (let step = 0; step < 3; step += 1) {
      const row = Float32Array.from({ length: COLUMNS }, () => (next() < 0.15 ? Number.NaN : next() - 0.5));
      const expected = bruteForce(tree, row);
      explainer.read(row);
      const contributions = new Float64Array(COLUMNS);
      explainer.addContributions(contributions, 0, 1);
      const interactions = new Float64Array(COLUMNS * COLUMNS);
      explainer.addInteractions(interactions, 0, { width: COLUMNS, weight: 1 });
      const difference = (a: Float64Array, b: Float64Array): number =>
        Math.max(...a.map((value, index) => Math.abs(value - b[index])));
      assert.ok(difference(contributions, expected.contributions) < 1e-12);
      assert.ok(difference(interactions, expected.interactions) < 1e-12);
      const sum = contributions.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(paths.means[0] + sum - expected.value) < 1e-9);
      assert.ok(Math.abs(paths.means[0] - expected.mean) < 1e-12);
    }
  }
});

test("a way longer than there are columns, and many columns deep", () => {
  const next = createNumbers(99);
  const tree = growTree(12, next);
  const paths = treePaths(tree);
  assert.equal(paths.quadrature.points.length, Math.ceil(COLUMNS / 2));
  const row = Float32Array.from({ length: COLUMNS }, () => next() - 0.5);
  const explainer = createTreeExplainer(paths);
  explainer.read(row);
  const contributions = new Float64Array(COLUMNS);
  explainer.addContributions(contributions, 0, 2);
  const sum = contributions.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(2 * paths.means[0] + sum - 2 * valueOf(tree, row, 2 ** COLUMNS - 1)) < 1e-9);
});
