import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type FactorizationMachine,
  factorizationDerivatives,
  factorizationScore,
  type SparseRow,
} from "./factorization-machine.ts";
import { factorizationGlobals, takeFactorization, writeFactorizationRates } from "./factorization-machine-layout.ts";
import { lossAt, type MovingWeight, moveWeight } from "./linear-models.ts";
import { takeLinearRows } from "./linear-models-layout.ts";
import { createMemoryLayout } from "./memory-layout.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";

const COLUMNS = 6;
const FACTORS = 5;
const parts = {
  bias: { learningRate: 0.1, weightDecay: 0.01 },
  linear: { learningRate: 0.05, weightDecay: 0.02 },
  factors: { learningRate: 0.02, weightDecay: 0.03 },
};

/** A small deterministic generator of numbers from −1 to 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.fround(state / 2 ** 31 - 1);
  };
}

function draw() {
  const random = createRandom(3);
  const rows: SparseRow[] = [0, 1, 2, 3, 4].map((row) =>
    [0, 1, 2, 3, 4, 5]
      .filter((column) => (row * 5 + column * 3) % 4 !== 0)
      .map((column) => ({ column, value: random() })),
  );
  const numbers = (count: number): number[] => Array.from({ length: count }, random);
  const machine: FactorizationMachine = {
    bias: random(),
    linear: numbers(COLUMNS),
    factors: Array.from({ length: COLUMNS }, () => numbers(FACTORS)),
  };
  return { rows, machine, labels: [1, 0, 1, 1, 0], weights: [1, 2, 0.5, 1, 1] };
}

function open(logistic: boolean, settings: Readonly<Record<string, number>> = {}) {
  const drawn = draw();
  const layout = createMemoryLayout();
  const entries = drawn.rows.flat();
  const rows = takeLinearRows(layout, { rows: drawn.rows.length, columns: COLUMNS, entries: entries.length });
  const machine = takeFactorization(layout, { columns: COLUMNS, factors: FACTORS, batches: 1 });
  const scores = layout.take(64);
  const memory = layout.allocate();
  const starts = drawn.rows.reduce<number[]>((sums, row) => [...sums, (sums.at(-1) ?? 0) + row.length], [0]);
  new Uint32Array(memory.buffer, rows.rowStarts, starts.length).set(starts);
  new Uint32Array(memory.buffer, rows.columnIndexes, entries.length).set(entries.map(({ column }) => column));
  new Float32Array(memory.buffer, rows.values, entries.length).set(entries.map(({ value }) => value));
  new Float32Array(memory.buffer, rows.labels, 5).set(drawn.labels);
  new Float32Array(memory.buffer, rows.rowWeights, 5).set(drawn.weights);
  const { stride } = machine;
  const parameters = new Float32Array(memory.buffer, machine.parameters, (COLUMNS + 1) * stride);
  for (const [column, own] of drawn.machine.factors.entries()) {
    parameters.set(own, column * stride);
    parameters[column * stride + stride - 4] = drawn.machine.linear[column];
  }
  parameters[COLUMNS * stride + stride - 4] = drawn.machine.bias;
  writeFactorizationRates(memory, machine, parts);
  const team = startKernelThreads({ kernel: "factorization-machine", memory, threads: 1 });
  team.setGlobals({
    ...factorizationGlobals(rows, machine),
    batchRows: 5,
    logistic: Number(logistic),
    ...settings,
  });
  return { drawn, stride, parameters, team, scores, memory };
}

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-5, `${actual}, not ${expected}`);
}

describe("factorization machine: the kernel against the scalar reference", () => {
  test("scores", async () => {
    const { drawn, team, scores, memory } = open(false);
    using _ = team;
    await team.call("score", () => [0, 5, scores]);
    const actual = new Float32Array(memory.buffer, scores, 5);
    for (const [row, entries] of drawn.rows.entries()) close(actual[row], factorizationScore(drawn.machine, entries));
  });

  for (const logistic of [true, false]) {
    for (const settings of [undefined, { rescale: 0.5, clip: 0.05, epsilon: 1e-3 }]) {
      test(`a step of ${logistic ? "logistic" : "squared"} loss with ${JSON.stringify(settings ?? "defaults")}`, async () => {
        const { drawn, stride, parameters, team } = open(logistic, settings);
        using _ = team;
        await team.call("train", () => [0, 1]);
        const expected = stepScalar(drawn, logistic, settings);
        close(parameters[COLUMNS * stride + stride - 4], expected.bias);
        for (const [column, own] of expected.factors.entries()) {
          close(parameters[column * stride + stride - 4], expected.linear[column]);
          for (const [number, factor] of own.entries()) close(parameters[column * stride + number], factor);
        }
      });
    }
  }
});

/** The machine after one step on the batch of all rows. */
function stepScalar(
  { rows, machine, labels, weights }: ReturnType<typeof draw>,
  logistic: boolean,
  { rescale, clip, epsilon } = { rescale: 1 / 5, clip: Infinity, epsilon: 1e-8 },
): FactorizationMachine {
  const derivatives = rows.map((row) => factorizationDerivatives(machine, row));
  const outer = rows.map((row, index) => {
    const score = factorizationScore(machine, row);
    return lossAt(logistic ? "logistic" : "squared", score, labels[index], 0).derivative * weights[index];
  });
  const gradient = (of: (machine: FactorizationMachine) => number): number => {
    const sum = derivatives.reduce((total, derivative, row) => total + of(derivative) * outer[row], 0);
    return Math.min(clip, Math.max(-clip, sum * rescale));
  };
  const move = (weight: number, part: keyof typeof parts, of: (machine: FactorizationMachine) => number): number => {
    const { learningRate, weightDecay } = parts[part];
    const start: MovingWeight = { weight, first: 0, second: 0 };
    const adam = { optimizer: "adam", l1: 0, momentum: 0, beta1: 0.9, beta2: 0.999, epsilon } as const;
    return moveWeight(start, gradient(of), 1, { ...adam, learningRate, weightDecay }).weight;
  };
  return {
    bias: move(machine.bias, "bias", ({ bias }) => bias),
    linear: machine.linear.map((weight, column) => move(weight, "linear", ({ linear }) => linear[column])),
    factors: machine.factors.map((own, column) =>
      own.map((factor, number) => move(factor, "factors", ({ factors }) => factors[column][number])),
    ),
  };
}
