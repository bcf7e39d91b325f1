import { createScalarWordVectors } from "./word-vectors.ts";
import { createWordVectors } from "./word-vectors.wasm.ts";
import { allocateWordVectors, type WordVectorShape } from "./word-vectors-layout.ts";

const WORDS = 10_000;
const LINE = 20;

/** Learning lines of 20 words with 5 negatives, as a ratio to the scalar reference in the same run: words per second of each. */
function benchWordVectors(mode: WordVectorShape["mode"]): { readonly scalar: number; readonly vector: number } {
  const records = Int32Array.from({ length: 200 }, (_, line) => line).reduce<number[]>((all, line) => {
    all.push(LINE, LINE, ...Array.from({ length: LINE }, (_, word) => (line * 7919 + word * 104_729) % WORDS));
    return all;
  }, []);
  const shape = { dim: 100, words: WORDS, buckets: 0, mode, window: 5, negatives: 5, batchSize: 11 };
  const tables = {
    keptShares: new Float32Array(WORDS).fill(1),
    negativeStarts: Int32Array.from({ length: WORDS + 1 }, (_, word) => word * 10),
  };
  const measure = (create: typeof createWordVectors): number => {
    const capacity = { windowBytes: records.length * 4, lineWords: LINE, features: LINE };
    const vectors = allocateWordVectors(shape, tables, [capacity]);
    const kernel = create(vectors);
    kernel.window.set(records);
    kernel.schedule({ learningRate: 0.05, totalTokens: 1e12, updateRate: 100 });
    new BigInt64Array(vectors.memory.buffer, vectors.layout.control, 2)[1] = 1_000_000_000_000n;
    kernel.train(0, records.length * 4);
    const start = process.hrtime.bigint();
    let rounds = 0;
    while (process.hrtime.bigint() - start < 500_000_000n) {
      kernel.train(0, records.length * 4);
      rounds++;
    }
    return (rounds * 200 * LINE * 1e9) / Number(process.hrtime.bigint() - start);
  };
  return { scalar: measure(createScalarWordVectors), vector: measure(createWordVectors) };
}

for (const mode of ["cbow", "skipgram", "batch-skipgram"] as const) {
  const { scalar, vector } = benchWordVectors(mode);
  const ratio = (vector / scalar).toFixed(1);
  process.stdout.write(
    `${mode}: ${Math.round(vector)} words/s, ${ratio}× the scalar reference (${Math.round(scalar)})\n`,
  );
}
