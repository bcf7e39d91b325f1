import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lossAt, type MovingWeight, moveWeight, softmaxLossAt } from "./linear-models.ts";
import {
  type LinearLoss,
  type LinearOptimizer,
  linearGroup,
  linearLosses,
  linearOptimizers,
  linearPartial,
  modelGlobals,
  rowGlobals,
  takeLinearModels,
  takeLinearRows,
} from "./linear-models-layout.ts";
import { createMemoryLayout } from "./memory-layout.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";

const ROWS = 11;
const COLUMNS = 5;
const BATCH_ROWS = 4;
const PARAMETER = 0.3;
const settings = { momentum: 0.5, beta1: 0.8, beta2: 0.9 };

/** A small deterministic generator of numbers from −1 to 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

interface Problem {
  readonly loss: LinearLoss;
  readonly optimizer: LinearOptimizer;
  readonly sparse: boolean;
  readonly outputs: number;
}

/** Rows of which every third number is 0, labels that suit the loss, weights, and weights of lanes. */
function draw({ loss, outputs }: Problem) {
  const random = createRandom(outputs);
  const features = Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: COLUMNS }, (_, column) => ((row + column) % 3 === 0 ? 0 : Math.fround(random() * 2))),
  );
  const label = (): number => {
    if (loss === "softmax") return Math.floor((random() + 1) * 0.5 * outputs);
    return loss === "logistic" || loss === "hinge" ? Number(random() > 0) : Math.fround(random());
  };
  return {
    features,
    labels: features.map(label),
    rowWeights: features.map(() => Math.fround(random() + 1.5)),
    weights: Array.from({ length: outputs }, () => Array.from({ length: COLUMNS + 1 }, () => Math.fround(random()))),
  };
}

function open(problem: Problem, threads: number) {
  const drawn = draw(problem);
  const layout = createMemoryLayout();
  const flat = drawn.features.flat();
  const entries = problem.sparse ? flat.filter((value) => value !== 0).length : undefined;
  const rows = takeLinearRows(layout, { rows: ROWS, columns: COLUMNS, entries });
  const batches = Math.ceil(ROWS / BATCH_ROWS);
  const models = takeLinearModels(layout, {
    columns: COLUMNS,
    outputs: problem.outputs,
    groups: 2,
    partials: batches,
    batches,
    threads,
    sparse: problem.sparse,
  });
  const memory = layout.allocate();
  const kept = problem.sparse ? flat.filter((value) => value !== 0) : flat;
  new Float32Array(memory.buffer, rows.values, kept.length).set(kept);
  if (problem.sparse) {
    const columnsOf = (row: readonly number[]) => row.flatMap((value, column) => (value === 0 ? [] : [column]));
    const indexes = drawn.features.map(columnsOf);
    const starts = indexes.reduce<number[]>((sums, row) => [...sums, (sums.at(-1) ?? 0) + row.length], [0]);
    new Uint32Array(memory.buffer, rows.rowStarts, ROWS + 1).set(starts);
    new Uint32Array(memory.buffer, rows.columnIndexes, kept.length).set(indexes.flat());
  }
  new Float32Array(memory.buffer, rows.labels, ROWS).set(drawn.labels);
  new Float32Array(memory.buffer, rows.rowWeights, ROWS).set(drawn.rowWeights);
  new Uint32Array(memory.buffer, models.batchOrder, batches).set([1, 2, 0]);
  for (const number of [0, 1]) {
    const group = linearGroup(models, memory, number);
    for (const [output, row] of drawn.weights.entries()) {
      for (const [column, weight] of row.entries()) {
        group.weights[column * models.lanes + output] = weight * (number + 1);
      }
      group.learningRates[output] = 0.05 * (1 + output);
      group.weightDecays[output] = 0.1 * output;
      group.sparsities[output] = 0.05;
    }
  }
  const team = startKernelThreads({ kernel: "linear-models", memory, threads });
  const loss = { loss: linearLosses.indexOf(problem.loss), lossParameter: PARAMETER };
  const optimizer = { optimizer: linearOptimizers.indexOf(problem.optimizer), batchRows: BATCH_ROWS, ...settings };
  const bias = { useBias: 1, biasRateFactor: 2, biasDecayFactor: 0.5 };
  const schedule = { stepsDone: 0, scheduleStep: 2, scheduleFactor: 0.5, minimumRate: 0.01 };
  const own = models.own[0];
  team.setGlobals({ ...rowGlobals(rows), ...modelGlobals(models), ...loss, ...optimizer, ...bias, ...schedule });
  team.own.call("openThread", [own.scratch, own.stamps, own.touched]);
  return { drawn, models, memory, team };
}

/** Losses and derivatives of a row's outputs, times the row's weight. */
function rowDerivatives({ loss }: Problem, scores: readonly number[], label: number, weight: number) {
  if (loss === "softmax") {
    const at = softmaxLossAt(scores, label);
    return {
      losses: scores.map((_, output) => (output === 0 ? at.loss * weight : 0)),
      derivatives: at.derivatives.map((derivative) => derivative * weight),
    };
  }
  const each = scores.map((score) => lossAt(loss, score, label, PARAMETER));
  return {
    losses: each.map((at) => at.loss * weight),
    derivatives: each.map((at) => at.derivative * weight),
  };
}

/** Sums over rows `from` to `to`: losses of each output and gradients of each output and column, the bias last. */
function gradient(problem: Problem, weights: readonly (readonly number[])[], from: number, to: number) {
  const { features, labels, rowWeights } = draw(problem);
  const losses = weights.map(() => 0);
  const gradients = weights.map((row) => row.map(() => 0));
  for (let row = from; row < Math.min(to, ROWS); row += 1) {
    const inputs = [...features[row], 1];
    const scores = weights.map((own) => own.reduce((sum, weight, column) => sum + weight * inputs[column], 0));
    const at = rowDerivatives(problem, scores, labels[row], rowWeights[row]);
    for (const [output, derivative] of at.derivatives.entries()) {
      losses[output] += at.losses[output];
      for (const [column, input] of inputs.entries()) gradients[output][column] += input * derivative;
    }
  }
  return { losses, gradients };
}

/** What the kernel's `train` does with one epoch of three batches. */
function trainScalar(problem: Problem, start: readonly (readonly number[])[]) {
  let state: MovingWeight[][] = start.map((row) => row.map((weight) => ({ weight, first: 0, second: 0 })));
  for (const [step, batch] of [1, 2, 0].entries()) {
    const from = batch * BATCH_ROWS;
    const count = Math.min(BATCH_ROWS, ROWS - from);
    const now = state.map((row) => row.map(({ weight }) => weight));
    const { gradients } = gradient(problem, now, from, from + BATCH_ROWS);
    state = state.map((row, output) =>
      row.map((moving, column) => {
        const isBias = column === COLUMNS;
        const rate = Math.max(0.05 * (1 + output) * 0.5 ** Math.floor(step / 2), 0.01);
        const update = {
          ...settings,
          optimizer: problem.optimizer,
          learningRate: rate * (isBias ? 2 : 1),
          weightDecay: 0.1 * output * (isBias ? 0.5 : 1),
          l1: 0.05 * (isBias ? 0.5 : 1),
        };
        return moveWeight(moving, gradients[output][column] / count, step + 1, update);
      }),
    );
  }
  return state.map((row) => row.map(({ weight }) => weight));
}

function close(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 2e-5 * Math.max(1, Math.abs(expected)), `${what}: ${actual}, ${expected}`);
}

/** Of outputs × columns, against lanes side by side. */
function closeLanes(actual: Float32Array, expected: readonly (readonly number[])[], lanes: number): void {
  for (const [output, row] of expected.entries()) {
    for (const [column, value] of row.entries()) close(actual[column * lanes + output], value, `${output}, ${column}`);
  }
}

const problems: readonly Problem[] = linearLosses.flatMap((loss) =>
  [false, true].map((sparse) => ({ loss, sparse, optimizer: "adam", outputs: loss === "softmax" ? 6 : 4 }) as const),
);

describe("linear models: the kernel against the scalar reference", () => {
  for (const problem of problems) {
    const name = `${problem.loss}, ${problem.sparse ? "sparse" : "dense"}`;
    test(`${name}: loss and gradient`, async () => {
      const { drawn, models, memory, team } = open(problem, 1);
      using _ = team;
      await team.call("differentiate", (thread) => [thread, 1, 0, 3]);
      for (const block of [0, 1, 2]) {
        const partial = linearPartial(models, memory, block);
        const from = block * BATCH_ROWS;
        const expected = gradient(problem, drawn.weights, from, from + BATCH_ROWS);
        for (const [output, loss] of expected.losses.entries()) close(partial.lossSums[output], loss, `loss ${output}`);
        closeLanes(partial.gradient, expected.gradients, models.lanes);
      }
    });
  }

  for (const loss of linearLosses.filter((name) => name !== "softmax")) {
    test(`${loss}: loss and gradient of one model, over columns`, async () => {
      const problem: Problem = { loss, sparse: false, optimizer: "adam", outputs: 1 };
      const { drawn, models, memory, team } = open(problem, 1);
      using _ = team;
      linearGroup(models, memory, 0).weights.set(drawn.weights[0]);
      await team.call("differentiateOne", (thread) => [thread, 1, 0, 3]);
      for (const block of [0, 1, 2]) {
        const partial = linearPartial(models, memory, block);
        const from = block * BATCH_ROWS;
        const { losses, gradients } = gradient(problem, drawn.weights, from, from + BATCH_ROWS);
        close(partial.lossSums[0], losses[0], "loss");
        closeLanes(partial.gradient, gradients, 1);
      }
    });
  }

  test("losses alone are added to the groups' sums", async () => {
    const problem: Problem = { loss: "huber", sparse: false, optimizer: "adam", outputs: 4 };
    const { drawn, models, memory, team } = open(problem, 1);
    using _ = team;
    await team.call("evaluate", (thread) => [thread, 1, 0, 7]);
    await team.call("evaluate", (thread) => [thread, 1, 7, ROWS]);
    const { losses } = gradient(problem, drawn.weights, 0, ROWS);
    const { lossSums } = linearGroup(models, memory, 0);
    for (const [output, loss] of losses.entries()) close(lossSums[output], loss, `loss ${output}`);
  });

  for (const optimizer of linearOptimizers) {
    for (const outputs of [4, 6]) {
      const problem: Problem = { loss: outputs === 6 ? "softmax" : "squared", optimizer, sparse: false, outputs };
      test(`${optimizer}, ${problem.loss}: an epoch of mini-batches`, async () => {
        const { drawn, models, memory, team } = open(problem, 1);
        using _ = team;
        await team.call("train", (thread) => [thread, 1, 0, 3]);
        for (const number of [0, 1]) {
          const group = linearGroup(models, memory, number);
          const start = drawn.weights.map((row) => row.map((weight) => weight * (number + 1)));
          closeLanes(group.weights, trainScalar(problem, start), models.lanes);
        }
      });
    }
  }

  test("a sparse batch moves the same weights as a dense one where every column appears", async () => {
    const weightsOf = async (sparse: boolean): Promise<Float32Array> => {
      const problem: Problem = { loss: "logistic", optimizer: "adam", sparse, outputs: 4 };
      const { models, memory, team } = open(problem, 1);
      using _ = team;
      await team.call("train", (thread) => [thread, 1, 0, 3]);
      return linearGroup(models, memory, 0).weights.slice();
    };
    const dense = await weightsOf(false);
    for (const [index, weight] of (await weightsOf(true)).entries()) close(weight, dense[index], `weight ${index}`);
  });
});
