import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readText, readTrainingText } from "./fasttext-corpus.ts";

const options = {
  label: "__label__",
  minCount: 1,
  minCountLabel: 0,
  wordNgrams: 1,
  buckets: 0,
  minChar: 0,
  maxChar: 0,
};
const read = (text: string, changes: object = {}) => readTrainingText([Buffer.from(text)], { ...options, ...changes });

/** The records of a corpus: tokens, labels, rows and how many hashes. */
function records(segments: readonly Int32Array[]) {
  return segments.flatMap((segment) => {
    const found = [];
    for (let start = 0; start < segment.length; ) {
      const [tokens, labels, rows, hashes] = segment.subarray(start, start + 4);
      const body = [...segment.subarray(start + 4, start + 4 + labels + rows)];
      found.push({ tokens, labels: body.slice(0, labels), rows: body.slice(labels), hashes });
      start += 4 + labels + rows + hashes;
    }
    return found;
  });
}

describe("readTrainingText", () => {
  test("each line is a record; </s> is a word of its own at each newline", async () => {
    const { vocabulary, corpus } = await read("__label__x a b a\n\n b __label__y __label__x");
    assert.deepEqual([vocabulary.words, vocabulary.labels, vocabulary.tokens], [3, 2, 9]);
    // a, </s> and b are seen twice each and stay in order of appearance: a b </s>.
    assert.deepEqual(records(corpus.segments), [
      { tokens: 5, labels: [0], rows: [0, 1, 0, 2], hashes: 0 },
      { tokens: 1, labels: [], rows: [2], hashes: 0 },
      { tokens: 3, labels: [1, 0], rows: [1], hashes: 0 },
    ]);
    assert.deepEqual([corpus.tokens, corpus.examples, corpus.features], [9, 2, 4]);
  });

  test("a word that is too rare has no row, but its n-grams count", async () => {
    const { corpus } = await read("__label__x a rare a\n", { minCount: 2, wordNgrams: 2, buckets: 10 });
    assert.deepEqual(records(corpus.segments), [{ tokens: 5, labels: [0], rows: [0, 0], hashes: 4 }]);
    assert.equal(corpus.features, 2 + 4);
  });

  test("character n-grams are rows behind the words, for unknown words too", async () => {
    const { vocabulary, corpus } = await read("__label__x ab\n", { minChar: 2, maxChar: 3, buckets: 7 });
    // <ab> has <a ab b> <ab ab>; the word itself and </s> besides.
    assert.equal(records(corpus.segments)[0]?.rows.length, 1 + 5 + 1);
    const unknown = await readText([Buffer.from("cd")], vocabulary);
    const rows = records(unknown.segments)[0]?.rows ?? [];
    assert.equal(rows.length, 5);
    assert.ok(rows.every((row) => row >= vocabulary.words && row < vocabulary.words + vocabulary.buckets));
  });

  test("records stay whole over many segments, a very long line included", async () => {
    const lines = [`__label__x ${"word ".repeat(400_000)}\n`, "__label__y short\n".repeat(100_000)].join("");
    const { corpus } = await read(lines);
    const all = records(corpus.segments);
    assert.ok(corpus.segments.length > 2);
    assert.equal(all.length, 100_001);
    assert.equal(all[0]?.rows.length, 400_001);
    assert.equal(
      all.reduce((sum, { tokens }) => sum + tokens, 0),
      corpus.tokens,
    );
  });

  test("nothing to learn from is refused with the reason", async () => {
    await assert.rejects(read(""), { name: "DataError", message: /empty/ });
    await assert.rejects(read("words only\n"), { name: "DataError", message: /__label__/ });
    await assert.rejects(read("__label__x a\n", { minCountLabel: 2 }), { name: "DataError", message: /__label__/ });
  });
});

test("readText counts every labelled line, also one whose label is unknown", async () => {
  const { vocabulary } = await read("__label__x a\n");
  const corpus = await readText([Buffer.from("__label__x a\n__label__z a\na\n")], vocabulary);
  assert.equal(corpus.examples, 2);
  assert.deepEqual(
    records(corpus.segments).map(({ labels }) => labels),
    [[0], [], []],
  );
});
