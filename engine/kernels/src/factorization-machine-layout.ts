import { type LinearRowsLayout, rowGlobals } from "./linear-models-layout.ts";
import type { MemoryLayout } from "./memory-layout.ts";

const FLOAT32 = 4;
const LANES = 4;

export interface FactorizationShape {
  readonly columns: number;
  readonly factors: number;
  /** Mini-batches of an epoch. */
  readonly batches: number;
}

/** Addresses of a factorization machine's parameters, its gradients and Adam's moments. */
export interface FactorizationLayout extends FactorizationShape {
  /** Floats of a column: factors in whole vectors, then the linear weight in a vector of its own. */
  readonly stride: number;
  readonly parameters: number;
  readonly gradients: number;
  readonly firstMoments: number;
  readonly secondMoments: number;
  readonly sums: number;
  readonly stamps: number;
  readonly touched: number;
  readonly rates: number;
  readonly batchOrder: number;
}

/** Takes the memory of one machine. */
export function takeFactorization(layout: MemoryLayout, shape: FactorizationShape): FactorizationLayout {
  const { columns, factors, batches } = shape;
  const stride = Math.ceil(factors / LANES) * LANES + LANES;
  const all = (): number => layout.take((columns + 1) * stride * FLOAT32);
  return {
    ...shape,
    stride,
    parameters: all(),
    gradients: all(),
    firstMoments: all(),
    secondMoments: all(),
    sums: layout.take(stride * FLOAT32),
    stamps: layout.take(columns * FLOAT32),
    touched: layout.take(columns * FLOAT32),
    rates: layout.take(4 * stride * FLOAT32),
    batchOrder: layout.take(batches * FLOAT32),
  };
}

/** What a part of the machine learns with. */
export interface FactorizationRates {
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** Writes the learning rates and weight decays of the three parts. */
export function writeFactorizationRates(
  memory: WebAssembly.Memory,
  { rates, stride }: FactorizationLayout,
  parts: Readonly<Record<"bias" | "linear" | "factors", FactorizationRates>>,
): void {
  const view = new Float32Array(memory.buffer, rates, 4 * stride);
  const linear = stride - LANES;
  view.fill(parts.factors.learningRate, 0, linear);
  view[linear] = parts.linear.learningRate;
  view.fill(parts.factors.weightDecay, stride, stride + linear);
  view[stride + linear] = parts.linear.weightDecay;
  view[2 * stride + linear] = parts.bias.learningRate;
  view[3 * stride + linear] = parts.bias.weightDecay;
}

/** The kernel's globals that say where rows and machine lie. */
export function factorizationGlobals(
  rows: LinearRowsLayout,
  machine: FactorizationLayout,
): Readonly<Record<string, number>> {
  const { stride, parameters, gradients, firstMoments, secondMoments, sums, stamps, touched, rates } = machine;
  const addresses = { parameters, gradients, firstMoments, secondMoments, sums, stamps, touched, rates };
  return { ...rowGlobals(rows), ...addresses, stride, batchOrder: machine.batchOrder };
}
