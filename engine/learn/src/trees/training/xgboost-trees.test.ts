import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Table } from "../../table/table.ts";
import { gradientBoosting } from "../gradient-boosting.ts";
import { predictMargins } from "../prediction/predict-ensemble.ts";
import type { RegressionTree } from "../tree-ensemble.ts";

/** testing/fixtures/make_trees.py says what is in it. */
interface Recorded {
  readonly columns: number;
  readonly features: readonly (number | null)[];
  readonly labels: Readonly<Record<string, readonly number[]>>;
  readonly weights: readonly number[];
  readonly cases: readonly RecordedCase[];
}

interface RecordedCase {
  readonly name: string;
  readonly label: string;
  readonly weighted: boolean;
  readonly categorical: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly baseScore: readonly number[];
  readonly trees: readonly Readonly<Record<string, readonly number[]>>[];
  readonly margins: readonly number[];
}

const file = new URL("../testing/fixtures/generated/trees.json", import.meta.url);
const recorded = JSON.parse(await readFile(file, "utf8")) as Recorded;

/** XGBoost's spelling to ours; what has no counterpart (threads, tree method) is left out. */
function toParameters(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { nthread: _, tree_method: __, base_score: baseScore, ...rest } = given;
  const named = Object.entries(rest).map(([name, value]) => [
    name.replaceAll(/_(\w)/gu, (_match, letter: string) => letter.toUpperCase()),
    value,
  ]);
  const start = baseScore === undefined ? {} : { baseScore, boostFromAverage: false };
  return { ...Object.fromEntries(named), ...start, numRound: 3 };
}

function tableOf({ label, weighted, categorical }: RecordedCase): Table {
  const values = Float32Array.from(recorded.features, (value) => value ?? Number.NaN);
  const rows = values.length / recorded.columns;
  const texts = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `category ${index}`);
  return {
    features: { kind: "dense", rows, columns: recorded.columns, values },
    labels: Float32Array.from(recorded.labels[label]),
    ...(weighted ? { weights: Float32Array.from(recorded.weights) } : {}),
    ...(categorical ? { categories: [undefined, undefined, undefined, texts(3), texts(9)] } : {}),
  };
}

function assertClose(actual: ArrayLike<number>, expected: readonly number[], what: string, tolerance = 1e-5): void {
  assert.equal(actual.length, expected.length, what);
  for (const [index, value] of expected.entries()) {
    const difference = Math.abs(actual[index] - value);
    assert.ok(
      difference <= tolerance * Math.max(1, Math.abs(value)),
      `${what} ${index}: ${actual[index]}, not ${value}`,
    );
  }
}

/** The categories that go right at each node that names some. */
function categoriesOf(tree: RecordedCase["trees"][number]): readonly (readonly [number, readonly number[]])[] {
  let next = 0;
  return tree.categories_nodes.map((node, index) => {
    const start = next;
    next += tree.categories_sizes[index];
    return [node, tree.categories.slice(start, next)];
  });
}

function assertSameTree(actual: RegressionTree, expected: RecordedCase["trees"][number], what: string): void {
  assert.deepEqual([...actual.leftChildren], expected.left_children, `${what}: left children`);
  const inner = [...actual.leftChildren.keys()].filter((node) => actual.leftChildren[node] >= 0);
  const categorical = new Map(categoriesOf(expected));
  for (const node of inner) {
    const place = `${what}, node ${node}`;
    assert.equal(actual.splitColumns[node], expected.split_indices[node], `${place}: column`);
    assert.equal(actual.defaultLeft[node], expected.default_left[node], `${place}: default`);
    const named = categorical.get(node);
    assert.deepEqual(actual.categories?.has(node) ? [...(actual.categories.get(node) ?? [])] : undefined, named, place);
    if (named !== undefined) continue;
    const [condition, wanted] = [actual.splitConditions[node], expected.split_conditions[node]];
    // A split that only parts missing values from the others has any condition beyond the others.
    if (Math.abs(condition) < 1e30) assert.equal(condition, wanted, `${place}: condition`);
  }
  const leaves = [...actual.leftChildren.keys()].filter((node) => actual.leftChildren[node] < 0);
  const pick = (values: ArrayLike<number>, nodes: readonly number[]): number[] => nodes.map((node) => values[node]);
  assertClose(pick(actual.splitConditions, leaves), pick(expected.split_conditions, leaves), `${what}: leaf value`);
  assertClose(actual.sumHessians, expected.sum_hessian, `${what}: cover`);
  assertClose(pick(actual.baseWeights, inner), pick(expected.base_weights, inner), `${what}: weight`);
  // XGBoost subtracts float32 gains.
  assertClose(actual.lossChanges, expected.loss_changes, `${what}: gain`, 1e-4);
}

for (const entry of recorded.cases) {
  test(`${entry.name}: XGBoost's trees, node by node`, async () => {
    const train = tableOf(entry);
    const model = await gradientBoosting.fit(toParameters(entry.parameters), { train }, { seed: 1, threads: 2 });
    assertClose(model.baseScores, entry.baseScore, "base score");
    assert.equal(model.trees.length, entry.trees.length);
    for (const [index, tree] of entry.trees.entries()) assertSameTree(model.trees[index], tree, `tree ${index}`);
    assertClose(predictMargins(model, train.features).values, entry.margins, "margin");
  });
}
