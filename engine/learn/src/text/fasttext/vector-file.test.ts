import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rowOf } from "./embedding-matrix.ts";
import { fastText } from "./fasttext.ts";
import { inputMatrix } from "./fasttext-model.ts";
import { decodeVectors, encodeVectors } from "./vector-file.ts";
import { wordVectors } from "./word-vectors.ts";
import { wordsWithVectors, wordVector } from "./word-vectors-model.ts";

const lines = (text: string): Uint8Array[] => [Buffer.from(text)];
const context = { seed: 0, threads: 1 };

describe("vectors as text", () => {
  test("the words of a model with their vectors, to five digits, by falling count", async () => {
    const train = lines("the cat\nthe dog the cat über\n");
    const model = await wordVectors.fit({ vectorDim: 3, minCount: 1 }, { train }, context);
    const bytes = Buffer.concat([...encodeVectors(wordsWithVectors(model), 5, 3)]);
    assert.match(bytes.toString(), /^5 3\nthe -?\d\S* \S+ \S+\n/);
    const read = await decodeVectors([bytes.subarray(0, 20), bytes.subarray(20)]);
    assert.deepEqual(
      read.words.map((word) => Buffer.from(word).toString()),
      ["the", "cat", "</s>", "dog", "über"],
    );
    for (const [index, word] of read.words.entries()) {
      const own = wordVector(model, word);
      for (const [column, value] of read.vectorOf(index).entries()) {
        assert.ok(Math.abs(value - own[column]) <= 1e-4 * Math.abs(own[column]));
      }
    }
  });

  test("what is not of the form is refused with its line", async () => {
    for (const [text, message] of [
      ["", /empty/],
      ["two 3\n", /Line 1/],
      ["1 0\n", /Line 1/],
      ["999999999 10000\n", /at most/],
      ["2 2\na 1 2\nb 1\n", /Line 3 .* 2 numbers/],
      ["2 2\na 1 2\nb 1 x\n", /Line 3/],
      ["2 2\na 1 2\n", /after 1 of 2/],
      ["1 2\na 1 2\nb 1 2\n", /more than the 1 lines/],
    ] as const) {
      await assert.rejects(decodeVectors(lines(text)), { name: "DataError", message });
    }
  });

  test("a classifier's embeddings start from them, also those of words that its text lacks", async () => {
    const train = lines("__label__good fine and well\n__label__bad poor and ill\n".repeat(20));
    const pretrainedVectors = lines("3 4\nfine 1 2 3 4\nrare -1 0 0.5 1\nand 8 8 8 9\n");
    // So small a rate that the embeddings stay where they start.
    const parameters = { vectorDim: 4, epochs: 1, learningRate: 1e-9, minCount: 5 };
    const model = await fastText.fit(parameters, { train, pretrainedVectors }, context);
    const embedding = (word: string): number[] =>
      Array.from(rowOf(inputMatrix(model), model.vocabulary.dictionary.findWord(Buffer.from(word))));
    assert.deepEqual(embedding("fine"), [1, 2, 3, 4]);
    assert.deepEqual(embedding("rare"), [-1, 0, 0.5, 1]);
    assert.deepEqual(embedding("and"), [8, 8, 8, 9]);
    assert.ok(Math.abs(embedding("ill")[0] ?? 1) <= 0.25);
    const wrong = { train, pretrainedVectors: lines("1 2\nfine 1 2\n") };
    await assert.rejects(fastText.fit(parameters, wrong, context), /2 dimensions, not 4/);
  });
});
