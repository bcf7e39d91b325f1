import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type SparseLinearSettings, type SparseLinearSolution, solveSparseLinear } from "./sparse-linear.ts";
import { startSparseLinear } from "./sparse-linear.wasm.ts";
import { allocateSparseLinear, type SparseLinearMemory } from "./sparse-linear-layout.ts";

const ROWS = 203;
const FEATURES = 51;

const settings: SparseLinearSettings = {
  loss: "svm",
  positiveCost: 2,
  negativeCost: 1,
  naiveBayes: 0,
  interpolation: 1,
  tolerance: 1e-6,
  maximumIterations: 3000,
  biasScale: 1,
  seed: 7,
};

/** Rows of 0 to 8 entries whose sign is a noisy sum; each seventh is left out. */
function problem(
  threads: number,
  features = FEATURES,
): { readonly memory: SparseLinearMemory; readonly signs: Int8Array } {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const memory = allocateSparseLinear({ rows: ROWS, features, entries: ROWS * 8, matrices: 1, threads });
  const [matrix] = memory.matrices;
  const signs = new Int8Array(ROWS);
  let entry = 0;
  for (let row = 0; row < ROWS; row++) {
    const present = new Set(Array.from({ length: row % 9 }, () => Math.floor(random() * FEATURES)));
    let sum = random() - 0.5;
    for (const feature of present) {
      matrix.indexes[entry] = feature;
      matrix.values[entry] = random();
      sum += matrix.values[entry++] * ((feature % 3) - 1);
    }
    matrix.rowStarts[row + 1] = entry;
    signs[row] = row % 7 === 0 ? 0 : sum > 0 ? 1 : -1;
  }
  matrix.features = FEATURES;
  matrix.scales.fill(1);
  matrix.scales[5] = 0.5;
  matrix.scales[7] = 0;
  return { memory, signs };
}

/** The compiled kernel's solutions, in the order of the problems. */
async function solve(
  threads: number,
  problems: readonly SparseLinearSettings[],
  { stop, features }: { readonly stop?: AbortSignal; readonly features?: number } = {},
) {
  const { memory, signs } = problem(threads, features);
  using team = startSparseLinear(memory);
  const solutions: SparseLinearSolution[] = [];
  const jobs = problems.map((each, index) => ({
    matrix: 0,
    settings: each,
    sign: (target: Int8Array) => target.set(signs),
    collect: ({ pairs, bias, scores, iterations }: { pairs: Float32Array } & Omit<SparseLinearSolution, "weights">) => {
      const weights = pairs.subarray(0, FEATURES * 2).filter((_, at) => at % 2 === 0);
      solutions[index] = { weights, bias, scores: scores.slice(), iterations };
    },
  }));
  await team.solve(jobs, { stop });
  return solutions;
}

const problems = (["svm", "logistic"] as const).flatMap((loss) => [
  { ...settings, loss },
  { ...settings, loss, naiveBayes: 0.5 },
  { ...settings, loss, naiveBayes: 1, interpolation: 0.25 },
]);

describe("linear classifiers over sparse rows", () => {
  test("the kernel finds the reference's weights, bias and scores", async () => {
    const solutions = await solve(1, problems);
    const { memory, signs } = problem(1);
    for (const [index, each] of problems.entries()) {
      const expected = solveSparseLinear(memory.matrices[0], signs, each);
      const actual = solutions[index];
      const near = (one: number, other: number, what: string): void =>
        assert.ok(Math.abs(one - other) < 5e-3, `${JSON.stringify(each)} ${what}: ${one}, not ${other}`);
      near(actual.bias, expected.bias, "bias");
      for (const [feature, weight] of expected.weights.entries()) near(actual.weights[feature], weight, "weight");
      for (const [row, sign] of signs.entries())
        if (sign === 0) near(actual.scores[row], expected.scores[row], "score");
    }
  });

  test("the weights of the SVM are where the objective is flat", () => {
    const { memory, signs } = problem(1);
    const [matrix] = memory.matrices;
    matrix.scales.fill(1);
    const { weights, bias } = solveSparseLinear(matrix, signs, settings);
    const objective = (shifted: Float64Array, shiftedBias: number): number => {
      let sum = 0.5 * (shiftedBias ** 2 + shifted.reduce((squares, weight) => squares + weight ** 2, 0));
      for (const [row, sign] of signs.entries()) {
        if (sign === 0) continue;
        let score = shiftedBias;
        for (let entry = matrix.rowStarts[row]; entry < matrix.rowStarts[row + 1]; entry++) {
          score += shifted[matrix.indexes[entry]] * matrix.values[entry];
        }
        sum += (sign > 0 ? 2 : 1) * Math.max(0, 1 - sign * score) ** 2;
      }
      return sum;
    };
    const least = objective(Float64Array.from(weights), bias);
    for (let feature = 0; feature < FEATURES; feature++) {
      for (const shift of [-0.01, 0.01]) {
        const shifted = Float64Array.from(weights);
        shifted[feature] += shift;
        assert.ok(objective(shifted, bias) > least, `feature ${feature}`);
      }
    }
  });

  test("the same solutions on any number of threads", async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map((threads) => solve(threads, problems)));
    assert.deepEqual(two, one);
    assert.deepEqual(three, one);
  });

  test("features beyond those of the matrix are not looked at", async () => {
    assert.deepEqual(await solve(1, problems, { features: FEATURES + 1000 }), await solve(1, problems));
  });

  test("stopped, each problem ends after one pass more", async () => {
    const solutions = await solve(2, problems, { stop: AbortSignal.abort() });
    assert.deepEqual(
      solutions.map(({ iterations }) => iterations),
      problems.map(() => 1),
    );
  });
});
