import { createScalarEmbeddingBag } from "./embedding-bag.ts";
import { createEmbeddingBag } from "./embedding-bag.wasm.ts";
import { allocateEmbeddingBag } from "./embedding-bag-layout.ts";

/**
 * Learning lines of 40 words with bigrams, as a ratio to the scalar reference in the same run. Returns lines per second
 * of each.
 */
export function benchEmbeddingBag(dim: number): {
  readonly scalar: number;
  readonly vector: number;
  readonly ratio: number;
} {
  const lines = 500;
  const words = 40;
  const record = [words + 1, 1, words, words];
  const records = Int32Array.from({ length: lines }, (_, line) => line).reduce<number[]>((all, line) => {
    const rows = Array.from({ length: words }, (_, word) => (line * 7919 + word * 104_729) % 10_000);
    all.push(...record, line % 2, ...rows, ...rows.map((row) => Math.imul(row, 16_777_619)));
    return all;
  }, []);
  const shape = { dim, words: 10_000, buckets: 100_000, labels: 2, wordNgrams: 2, loss: "softmax" } as const;
  const measure = (create: typeof createEmbeddingBag): number => {
    const bag = allocateEmbeddingBag(shape, [{ windowBytes: records.length * 4, features: 200 }]);
    const kernel = create(bag);
    kernel.window.set(records);
    kernel.schedule({ learningRate: 0.1, totalTokens: 1e9, updateRate: 100 });
    new BigInt64Array(bag.memory.buffer, bag.layout.control, 2)[1] = 1_000_000_000n;
    kernel.train(0, records.length * 4);
    const start = process.hrtime.bigint();
    let rounds = 0;
    while (process.hrtime.bigint() - start < 300_000_000n) {
      kernel.train(0, records.length * 4);
      rounds++;
    }
    return (rounds * lines * 1e9) / Number(process.hrtime.bigint() - start);
  };
  const [scalar, vector] = [measure(createScalarEmbeddingBag), measure(createEmbeddingBag)];
  return { scalar, vector, ratio: vector / scalar };
}

for (const dim of [10, 100]) {
  const { scalar, vector, ratio } = benchEmbeddingBag(dim);
  process.stdout.write(
    `embedding bag, ${dim} dimensions: ${Math.round(vector)} lines/s, ${ratio.toFixed(1)}× the scalar reference (${Math.round(scalar)})\n`,
  );
}
