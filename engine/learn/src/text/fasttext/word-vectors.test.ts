import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { testAlgorithm } from "../../testing/algorithm-suite.ts";
import { cosine, nearestWords } from "./nearest-words.ts";
import { wordVectors } from "./word-vectors.ts";
import type { WordVectorModel } from "./word-vectors-model.ts";

const context = { seed: 0, threads: 1 };
const lines = (text: string): Uint8Array[] => [Buffer.from(text)];
const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`./fixtures/fasttext-0.9.2-${name}`, import.meta.url));
const encode = (model: WordVectorModel): Buffer => Buffer.concat([...wordVectors.encode(model)]);
const vectorOf = (model: WordVectorModel, word: string): Float32Array =>
  wordVectors.predict(model, [Buffer.from(word)])[0] ?? new Float32Array(0);

const countries = ["france", "italy", "japan", "norway", "peru", "kenya"];
const capitals = ["paris", "rome", "tokyo", "oslo", "lima", "nairobi"];

/**
 * Sentences in which a capital is to its country as any other: what is said of a place follows from the country, and how
 * it is said from whether it is a capital.
 */
function geography(count: number): string {
  let state = 1;
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  return Array.from({ length: count }, () => {
    const place = below(countries.length);
    const isCapital = below(2) === 1;
    const ofPlace = Array.from({ length: 3 }, () => `p${place}-${below(6)}`);
    const ofKind = Array.from({ length: 3 }, () => `${isCapital ? "city" : "land"}-${below(6)}`);
    const name = (isCapital ? capitals : countries)[place];
    return `${ofPlace[0]} ${ofKind[0]} ${ofPlace[1]} ${name} ${ofKind[1]} ${ofPlace[2]} ${ofKind[2]}\n`;
  }).join("");
}

const quick = { vectorDim: 24, epochs: 8, minCount: 5, learningRate: 0.05, samplingThreshold: 1 };

testAlgorithm({
  algorithm: wordVectors,
  parameters: { ...quick, epochs: 3, minCount: 1, minChar: 3, maxChar: 4, buckets: 500 },
  data: () => ({ train: lines(geography(1500)) }),
  inputs: ["france", "paris", "italy", "city-1", "unheard-of", ""].map((word) => Buffer.from(word)),
  check: (vectors) => {
    const [france, paris, italy, , unknown] = vectors;
    assert.equal(france?.length, 24);
    assert.ok(
      unknown?.some((value) => value !== 0),
      "n-grams give unknown words a vector",
    );
    assert.ok(cosine(france ?? unknown, italy ?? unknown) > cosine(paris ?? unknown, italy ?? unknown));
  },
  empty: () => ({ train: lines("") }),
  oneRow: () => ({ train: lines("word") }),
  missingValues: () => ({ train: lines("one two\n\n   \nthree one\n") }),
  endless: { ...quick, vectorDim: 300, epochs: 1_000_000 },
});

describe("word vectors beside the reference program", () => {
  const settings = { vectorDim: 6, minCount: 2, epochs: 2, learningRate: 0.1, negatives: 3, window: 4 };
  const likeFastText = { ...settings, samplingThreshold: 0.05, negativePower: 0.5 };
  const ngrams = { minChar: 2, maxChar: 3, buckets: 40 };

  for (const [name, parameters] of [
    ["skipgram", { mode: "skipgram", ...ngrams }],
    ["skipgram-words", { mode: "skipgram" }],
    ["cbow", { mode: "cbow" }],
    ["cbow-subwords", { mode: "cbow", ...ngrams }],
  ] as const) {
    test(`its model is read and gives the same vectors, ${name}`, async () => {
      const bytes = await fixture(`${name}.bin`);
      const model = await wordVectors.decode({ chunks: [bytes], byteLength: bytes.length });
      const expected = JSON.parse((await fixture("word-vectors.json")).toString()) as Record<
        string,
        Record<string, number[]>
      >;
      for (const [word, vector] of Object.entries(expected[name] ?? {})) {
        const own = vectorOf(model, word);
        for (const [column, value] of vector.entries()) assert.ok(Math.abs(own[column] - value) < 1e-6, word);
      }
      assert.equal(Buffer.compare(encode(model), bytes), 0);
    });

    test(`one thread and seed 0 learn the same vectors, ${name}`, async () => {
      const theirs = await fixture(`${name}.bin`);
      const train = [await readFile(new URL("./fixtures/train.txt", import.meta.url))];
      const model = await wordVectors.fit({ ...likeFastText, ...parameters }, { train }, context);
      const ours = encode(model);
      assert.equal(ours.length, theirs.length);
      const { input, output } = model;
      const head = theirs.length - (input.rows + output.rows) * 6 * 4 - 34;
      // fastText writes n-gram lengths of 0 where there are none; we write what was asked for.
      const same = (from: number, to: number): number =>
        Buffer.compare(ours.subarray(from, to), theirs.subarray(from, to));
      assert.equal(same(0, 44) + same(52, head), 0, "header and dictionary");
      const behindInput = head + 17 + input.rows * 24;
      const ranges = [
        [head + 17, behindInput],
        [behindInput + 17, theirs.length],
      ] as const;
      let largest = 0;
      for (const [from, to] of ranges) {
        for (let offset = from; offset < to; offset += 4) {
          largest = Math.max(largest, Math.abs(ours.readFloatLE(offset) - theirs.readFloatLE(offset)));
        }
      }
      assert.ok(largest < 1e-5, `largest difference ${largest}`);
    });
  }
});

describe("word vectors", () => {
  for (const mode of ["skipgram", "cbow", "batch-skipgram"] as const) {
    test(`neighbours and analogies of a language of known structure, ${mode}`, async () => {
      const parameters = { ...quick, mode, epochs: mode === "cbow" ? 30 : 12 };
      const model = await wordVectors.fit(parameters, { train: lines(geography(6000)) }, context);
      let right = 0;
      for (const [from, country] of countries.entries()) {
        const near = nearestWords(model, vectorOf(model, `p${from}-0`), { k: 5, except: [`p${from}-0`] });
        const ofPlace = near.filter(({ word }) => word.startsWith(`p${from}-`)).length;
        assert.ok(ofPlace >= 4, `${country}: ${near.map(({ word }) => word).join(" ")}`);
        for (const [to, other] of countries.entries()) {
          if (to === from) continue;
          const [a, b, c] = [country, capitals[from], other].map((word) => vectorOf(model, word));
          const asked = b.map((value, column) => value - a[column] + c[column]);
          const [best] = nearestWords(model, asked, { k: 1, except: [country, capitals[from], other] });
          if (best?.word === capitals[to]) right++;
        }
      }
      assert.ok(right >= 27, `${right} of 30 analogies`);
    });
  }

  test("two threads learn the same problem", async () => {
    const data = { train: lines(geography(6000)) };
    const model = await wordVectors.fit({ ...quick, epochs: 12 }, data, { seed: 0, threads: 2 });
    const [best] = nearestWords(model, vectorOf(model, "p3-1"), { k: 1, except: ["p3-1"] });
    assert.match(best?.word ?? "", /^p3-|norway|oslo/);
  });

  test("an unknown word without n-grams has a vector of zeros; words like it lend it theirs with them", async () => {
    const train = lines(geography(1500));
    const without = await wordVectors.fit(quick, { train }, context);
    assert.ok(vectorOf(without, "unheard-of").every((value) => value === 0));
    const subwords = { ...quick, minChar: 3, maxChar: 5, buckets: 5000 };
    const withSubwords = await wordVectors.fit(subwords, { train }, context);
    const [best] = nearestWords(withSubwords, vectorOf(withSubwords, "city-99"), { k: 1 });
    assert.match(best?.word ?? "", /^city/);
  });

  test("words that are too rare are refused with the number, batches of n-grams too", async () => {
    await assert.rejects(wordVectors.fit({ minCount: 9 }, { train: lines("a b c\n") }, context), /appears 9 times/);
    const asked = { mode: "batch-skipgram", maxChar: 4 } as const;
    await assert.rejects(wordVectors.fit(asked, { train: lines("a b c\n") }, context), { parameter: "maxChar" });
  });

  test("a supervised model is refused as such", async () => {
    const bytes = await fixture("softmax.bin");
    await assert.rejects(wordVectors.decode({ chunks: [bytes], byteLength: bytes.length }), /supervised/);
  });
});
