import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom, type Random } from "../random.ts";
import { denseMatrix, type Matrix } from "../table/matrix.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { toDocumentWords } from "./document-words.ts";
import { latentDirichlet } from "./latent-dirichlet.ts";
import { completionLogLikelihood, type Topics } from "./topic-inference.ts";

/** The bars of Griffiths and Steyvers (2004): words are the pixels of 5 × 5 pictures, topics their rows and columns. */
const bars = Array.from({ length: 10 }, (_, bar) =>
  Array.from({ length: 25 }, (_, pixel) =>
    (bar < 5 ? Math.floor(pixel / 5) === bar : pixel % 5 === bar - 5) ? 0.2 : 0,
  ),
);

function draw(weights: readonly number[], random: Random): number {
  let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return found < 0 ? weights.length - 1 : found;
}

/** Documents of 100 words that mix few topics. */
function barDocuments(count: number, seed: number): { readonly features: Matrix; readonly mixtures: number[][] } {
  const random = createRandom(seed);
  const mixtures = Array.from({ length: count }, () => bars.map(() => random.uniform() ** 8));
  const rows = mixtures.map((mixture) => {
    const counts = Array.from({ length: 25 }, () => 0);
    for (let word = 0; word < 100; word++) counts[draw(bars[draw(mixture, random)], random)]++;
    return counts;
  });
  return { features: denseMatrix(rows), mixtures };
}

const context = { seed: 1, threads: 1 };
const documents = barDocuments(300, 1);
const inputs = barDocuments(20, 2).features;

/** Each bar's distance (half the sum of differences) to the topic that is nearest to it. */
function missed({ topics, wordProbabilities }: Topics): number[] {
  return bars.map((bar) =>
    Math.min(
      ...Array.from({ length: topics }, (_, topic) => {
        const differences = bar.map((value, word) => Math.abs(value - wordProbabilities[word * topics + topic]));
        return differences.reduce((sum, value) => sum + value, 0) / 2;
      }),
    ),
  );
}

testTableAlgorithm({
  algorithm: latentDirichlet,
  parameters: { topics: 10, maximumIterations: 30, restarts: 2 },
  data: () => ({ train: { features: documents.features } }),
  inputs,
  check: ({ values, width, rows }) => {
    assert.equal(width, 10);
    for (let row = 0; row < rows; row++) {
      const mixture = values.subarray(row * 10, row * 10 + 10);
      assert.ok(Math.abs(mixture.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
      assert.ok(Math.max(...mixture) > 0.2);
    }
  },
  oneRow: () => ({ train: { features: denseMatrix([Array.from({ length: 25 }, (_, word) => word)]) } }),
  missingValues: () => ({ train: { features: denseMatrix([Array.from({ length: 25 }, () => Number.NaN)]) } }),
  missing: "refused",
  endless: {
    parameters: { topics: 10, maximumIterations: 1_000_000, tolerance: 0, restarts: 1 },
    data: () => ({ train: { features: documents.features } }),
  },
});

describe("latent Dirichlet allocation", () => {
  test("finds the topics that documents were drawn from", async () => {
    const train = barDocuments(1000, 3);
    const model = await latentDirichlet.fit({ topics: 10, maximumIterations: 200 }, { train }, context);
    for (const distance of missed(model)) assert.ok(distance < 0.1, `${missed(model)}`);
  });

  test("foretells unseen words better than their frequencies do", async () => {
    const held = toDocumentWords(inputs);
    const fit = (topics: number) => latentDirichlet.fit({ topics }, { train: documents }, context);
    const [one, ten] = [await fit(1), await fit(10)].map((model) => {
      const { logLikelihood, words } = completionLogLikelihood(model, held);
      const parts = [
        completionLogLikelihood(model, held, [0, 1]),
        completionLogLikelihood(model, held, [1, held.documents]),
      ];
      assert.equal(words, parts[0].words + parts[1].words);
      assert.ok(Math.abs(logLikelihood - parts[0].logLikelihood - parts[1].logLikelihood) < 1e-9);
      return logLikelihood / words;
    });
    assert.ok(one < -3 && ten > one + 0.3, `${one} ${ten}`);
  });

  test("a document without words has the prior's mixture", async () => {
    const model = await latentDirichlet.fit({ topics: 3 }, { train: documents }, context);
    const { values } = latentDirichlet.predict(model, denseMatrix([Array.from({ length: 25 }, () => 0)]));
    const total = model.prior.reduce((sum, value) => sum + value, 0);
    assert.deepEqual([...values], [...Float32Array.from(model.prior, (value) => value / total)]);
  });

  test("a file whose probabilities are none is refused", async () => {
    const bytes = Buffer.concat([
      ...latentDirichlet.encode(await latentDirichlet.fit({ topics: 2 }, { train: documents }, context)),
    ]);
    for (const value of [Number.NaN, -1]) {
      bytes.writeFloatLE(value, bytes.length - 4);
      const decoding = latentDirichlet.decode({ chunks: [bytes], byteLength: bytes.length });
      await assert.rejects(decoding, { name: "FormatError" });
    }
  });

  test("a negative count, and documents without any word, are refused", async () => {
    const refused = (rows: number[][], message: RegExp) =>
      assert.rejects(latentDirichlet.fit({}, { train: { features: denseMatrix(rows) } }, context), {
        name: "DataError",
        message,
      });
    await refused(
      [
        [1, 0],
        [0, -1],
      ],
      /Row 2, column 2 is -1/,
    );
    await refused([[0, 0]], /all counts are 0/);
  });
});
