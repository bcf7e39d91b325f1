import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { denseMatrix } from "../../table/matrix.ts";
import type { Table } from "../../table/table.ts";
import { type LambdaRankOptions, lambdaRank } from "./lambda-rank.ts";

const options: LambdaRankOptions = {
  name: "rank:ndcg",
  pairMethod: "mean",
  exponentialGain: true,
  unbiased: false,
  biasNorm: 1,
  seed: 7,
};

function tableOf(labels: readonly number[], groups: readonly number[]): Table {
  return {
    features: denseMatrix(labels.map(() => [0])),
    labels: Float32Array.from(labels),
    groups: Uint32Array.from(groups),
  };
}

const table = tableOf([3, 0, 1, 2, 0, 1, 1, 1], [0, 0, 0, 0, 0, 1, 1, 1]);
const margins = Float32Array.of(0.1, 0.9, -0.3, 0.2, 0.4, 1, 2, 3);

function derive(objective: ReturnType<typeof lambdaRank>, round = 0, at = margins) {
  const out = { first: new Float32Array(at.length), second: new Float32Array(at.length) };
  objective.gradients(at, table, out, round);
  return out;
}

test("drawn pairs: forces cancel out in each group, groups of equal labels have none, rounds differ, runs do not", () => {
  const { first, second } = derive(lambdaRank(options));
  assert.ok(Math.abs(first.subarray(0, 5).reduce((a, b) => a + b, 0)) < 1e-6);
  assert.deepEqual([...first.subarray(5), ...second.subarray(5)], [0, 0, 0, 0, 0, 0]);
  assert.ok((first[0] as number) < 0 && (first[1] as number) > 0);
  assert.deepEqual(derive(lambdaRank(options)).first, first);
  assert.notDeepEqual(derive(lambdaRank(options), 1).first, first);
  assert.notDeepEqual(derive(lambdaRank({ ...options, seed: 8 })).first, first);
});

test("the mean over many draws does not depend on the seed", () => {
  const mean = (seed: number) =>
    derive(lambdaRank({ ...options, name: "rank:pairwise", pairsPerSample: 20_000, seed })).first;
  const other = mean(2);
  for (const [row, value] of mean(1).entries()) {
    assert.ok(Math.abs(value - (other[row] as number)) < 0.02 * (1 + Math.abs(value)), `${value} and ${other[row]}`);
  }
});

test("unbiased: what is clicked in spite of a low place counts more, from the second round on", () => {
  const unbiased = lambdaRank({ ...options, pairMethod: "topk", unbiased: true });
  const biased = lambdaRank({ ...options, pairMethod: "topk" });
  assert.deepEqual(derive(unbiased).first, derive(biased).first);
  assert.notDeepEqual(derive(unbiased, 1).first, derive(biased, 1).first);
});

test("labels that do not suit are refused with their row", () => {
  const check = (name: LambdaRankOptions["name"], labels: readonly number[], exponentialGain = true): void =>
    lambdaRank({ ...options, name, exponentialGain }).check(
      tableOf(
        labels,
        labels.map(() => 0),
      ),
    );
  assert.throws(() => check("rank:map", [0, 1, 2]), /row 3 is 2/);
  assert.throws(() => check("rank:ndcg", [0, 1.5]), /row 2 is 1.5/);
  assert.throws(() => check("rank:ndcg", [0, 32]), /row 2 is 32/);
  check("rank:ndcg", [0, 1.5], false);
  check("rank:pairwise", [-1, 40.5]);
  assert.throws(() => lambdaRank(options).check({ features: denseMatrix([[0]]) }), DataError);
});

test("the metric of early stopping has as many places as count", () => {
  const name = (more: Partial<LambdaRankOptions>): string => lambdaRank({ ...options, ...more }).defaultMetric;
  assert.deepEqual(
    [name({}), name({ pairMethod: "topk" }), name({ name: "rank:map", pairMethod: "topk", pairsPerSample: 5 })],
    ["ndcg", "ndcg@32", "map@5"],
  );
});
