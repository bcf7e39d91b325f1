import { readFileSync } from "node:fs";
import type { EmbeddingBagKernel } from "./embedding-bag-kernel.ts";
import type { EmbeddingBagMemory } from "./embedding-bag-layout.ts";
import { kernelUrl } from "./kernel-url.ts";
import { startOfSequence } from "./minstd-rand.ts";

type Exports = Readonly<
  Record<
    | "stride"
    | "words"
    | "buckets"
    | "bucketRows"
    | "wordNgrams"
    | "labels"
    | "oneVersusAll"
    | "hierarchical"
    | "learningRate"
    | "totalTokens"
    | "updateRate"
    | "control"
    | "sigmoidTable"
    | "pathStarts"
    | "pathSteps"
    | "input"
    | "output"
    | "features"
    | "hidden"
    | "gradient"
    | "scores"
    | "decisions"
    | "randomState"
    | "lossSum"
    | "lossCount",
    WebAssembly.Global
  >
> & {
  initialise(from: number, to: number, dim: number, bound: number): void;
  train(record: number, end: number): number;
  score(record: number): number;
  countCorrect(record: number, end: number): number;
};

/** The kernel in WebAssembly SIMD. Bit for bit equal to `createScalarEmbeddingBag`. */
export function createEmbeddingBag(bag: EmbeddingBagMemory, thread = 0): EmbeddingBagKernel {
  const { shape, layout, memory } = bag;
  const area = layout.threads[thread];
  const module = new WebAssembly.Module(readFileSync(kernelUrl("embedding-bag")));
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
  const { stride, control, sigmoidTable, pathStarts, pathSteps, bucketRows, input, output } = layout;
  const settings = {
    stride,
    control,
    sigmoidTable,
    pathStarts,
    pathSteps,
    bucketRows,
    input,
    output,
    words: shape.words,
    buckets: shape.buckets,
    labels: shape.labels,
    wordNgrams: shape.wordNgrams,
    oneVersusAll: shape.loss === "one-versus-all" ? 1 : 0,
    hierarchical: shape.loss === "hierarchical-softmax" ? 1 : 0,
    features: area.features,
    hidden: area.hidden,
    gradient: area.gradient,
    scores: area.scores,
    decisions: area.decisions,
  };
  for (const [name, value] of Object.entries(settings)) kernel[name as keyof typeof settings].value = value;
  return {
    initialise: (from, to, bound) => kernel.initialise(from, to, shape.dim, bound),
    seed: (value) => {
      kernel.randomState.value = startOfSequence(value);
    },
    schedule: (schedule) => {
      kernel.learningRate.value = schedule.learningRate;
      kernel.totalTokens.value = schedule.totalTokens;
      kernel.updateRate.value = schedule.updateRate;
    },
    // Addresses above 2 GiB come back negative.
    train: (offset, bytes) => (kernel.train(area.window + offset, area.window + bytes) >>> 0) - area.window,
    score: () => kernel.score(area.window),
    countCorrect: (bytes) => kernel.countCorrect(area.window, area.window + bytes),
    loss: () => ({ sum: kernel.lossSum.value, count: kernel.lossCount.value }),
    window: new Int32Array(memory.buffer, area.window, (area.features - area.window) / 4),
    scores: new Float32Array(memory.buffer, area.scores, shape.labels),
  };
}
