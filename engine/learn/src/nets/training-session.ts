import type { Tensor } from "onnxruntime-node";
import type { Network, NetworkShape } from "./network.ts";
import type { NetworkBatch } from "./network-data.ts";
import { ADAM, parametersOf, trainingGraph } from "./training-graph.ts";

export interface TrainingSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** The share of a hidden layer's units that is left out of a step, from 0 to below 1. */
  readonly dropout: number;
  readonly threads: number;
  /** For dropout, from 0 to 1. */
  readonly uniform: () => number;
}

/** A network while it learns: the training graph and what it has learned so far. */
export interface TrainingSession extends AsyncDisposable {
  /** One step of Adam; returns the loss before it. */
  learn(batch: NetworkBatch): Promise<number>;
  /** What has been learned so far. */
  network(): Network;
}

/** Throws what onnxruntime says when it cannot hold the graph. */
export async function openTrainingSession(
  shape: NetworkShape,
  initial: Network,
  settings: TrainingSettings,
): Promise<TrainingSession> {
  const { learningRate, weightDecay, dropout, threads, uniform } = settings;
  // Its library takes 50 ms to load, which trainings without a net are not to wait for.
  const { InferenceSession, Tensor: FloatTensor } = await import("onnxruntime-node");
  const floats = (values: Float32Array, size: readonly number[]): Tensor => new FloatTensor("float32", values, size);
  const session = await InferenceSession.create(trainingGraph(shape, dropout > 0), {
    intraOpNumThreads: threads,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
  const parameters = parametersOf(shape);
  const state: Record<string, Tensor> = {};
  for (const { name, shape: size, values } of parameters) {
    state[name] = floats(values(initial).slice(), size);
    for (const moment of ["first", "second"]) {
      state[`${name}_${moment}`] = floats(new Float32Array(size.reduce((all, one) => all * one, 1)), size);
    }
  }
  let step = 0;

  function dropoutMasks(rows: number): Record<string, Tensor> {
    if (dropout === 0) return {};
    const kept = 1 / (1 - dropout);
    return Object.fromEntries(
      shape.hidden.map((units, layer) => {
        const mask = Float32Array.from({ length: rows * units }, () => (uniform() < dropout ? 0 : kept));
        return [`mask_${layer}`, floats(mask, [rows, units])];
      }),
    );
  }

  return {
    async learn({ rows, numbers, categories, targets, weights }) {
      step += 1;
      const correction = Math.sqrt(1 - ADAM.beta2 ** step) / (1 - ADAM.beta1 ** step);
      const outcome = await session.run({
        ...state,
        ...dropoutMasks(rows),
        ...(numbers.length === 0 ? {} : { numbers: floats(numbers, [rows, numbers.length / rows]) }),
        ...Object.fromEntries(categories.map((column, index) => [`category_${index}`, floats(column, [rows])])),
        targets: floats(targets, [rows, shape.outputs]),
        row_weights: floats(weights, [rows, 1]),
        rate: floats(Float32Array.of(learningRate * correction), [1]),
        decay: floats(Float32Array.of(1 - learningRate * weightDecay), [1]),
      });
      for (const name of Object.keys(state)) state[name] = outcome[`${name}_next`] as Tensor;
      return Number((outcome["loss"] as Tensor).data[0]);
    },
    network() {
      const learned = (name: string): Float32Array => Float32Array.from(state[name]?.data as Float32Array);
      return {
        ...initial,
        layers: initial.layers.map((layer, index) => ({
          ...layer,
          weights: learned(`weights_${index}`),
          biases: learned(`biases_${index}`),
        })),
        embeddings: initial.embeddings.map((_, index) => learned(`embedding_${index}`)),
      };
    },
    async [Symbol.asyncDispose]() {
      await session.release();
    },
  };
}
