import { readFileSync } from "node:fs";
import { kernelUrl } from "./kernel-url.ts";
import type { LearningKernel } from "./learning-kernel.ts";
import { startOfSequence } from "./minstd-rand.ts";
import type { WordVectorMemory } from "./word-vectors-layout.ts";

type Exports = Readonly<Record<string, WebAssembly.Global>> & {
  initialise(from: number, to: number, bound: number): void;
  train(record: number, end: number): number;
};

/**
 * The kernel in WebAssembly SIMD. Bit for bit equal to `createScalarWordVectors`. Records are
 * `[tokens, words, word …]`, int32.
 */
export function createWordVectors({ shape, layout, memory }: WordVectorMemory, thread = 0): LearningKernel {
  const { threads, negativeSlots, stride, ...addresses } = layout;
  const { window, ...area } = threads[thread];
  const module = new WebAssembly.Module(readFileSync(kernelUrl("word-vectors")));
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
  const negativeScale = Math.floor(2_147_483_645 / negativeSlots);
  const set = (values: Readonly<Record<string, number>>): void => {
    for (const [name, value] of Object.entries(values)) kernel[name].value = value;
  };
  set({
    ...addresses,
    ...area,
    stride,
    dim: shape.dim,
    cbow: shape.mode === "cbow" ? 1 : 0,
    batchSize: shape.mode === "batch-skipgram" ? shape.batchSize : 0,
    contextWindow: shape.window,
    negatives: shape.negatives,
    negativeScale,
    negativeLimit: negativeScale * negativeSlots,
  });
  return {
    initialise: (from, to, bound) => kernel.initialise(from, to, bound),
    seed: (value) => set({ randomState: startOfSequence(value) }),
    schedule: ({ learningRate, totalTokens, updateRate }) => set({ learningRate, totalTokens, updateRate }),
    // Addresses above 2 GiB come back negative.
    train: (offset, bytes) => (kernel.train(window + offset, window + bytes) >>> 0) - window,
    loss: () => ({ sum: kernel["lossSum"].value, count: kernel["lossCount"].value }),
    window: new Int32Array(memory.buffer, window, (area.line - window) / 4),
  };
}
