import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { buildTables, largestContext, readSentences } from "./word-vectors-corpus.ts";

const options = { minCount: 1, buckets: 0, minChar: 3, maxChar: 0, segmentLength: 4096 };
const read = (text: string, changed: object = {}) => readSentences([Buffer.from(text)], { ...options, ...changed });

/** The records of all segments: tokens that count, then the words. */
function recordsOf(segments: readonly Int32Array[], word: (entry: number) => string): [number, string][] {
  const records: [number, string][] = [];
  for (const segment of segments) {
    for (let offset = 0; offset < segment.length; offset += 2 + (segment[offset + 1] ?? 0)) {
      const words = segment.subarray(offset + 2, offset + 2 + (segment[offset + 1] ?? 0));
      records.push([segment[offset] ?? 0, Array.from(words, word).join(" ")]);
    }
  }
  return records;
}

describe("sentences", () => {
  test("a line is a record, without rare words; a label counts but is no word", async () => {
    const text = "b a a\n\na rare b a\n__label__x b a\n";
    const { vocabulary, sentences } = await read(text, { minCount: 2 });
    const word = (entry: number): string => Buffer.from(vocabulary.dictionary.word(entry)).toString();
    assert.deepEqual(recordsOf(sentences.segments, word), [
      [4, "b a a </s>"],
      [1, "</s>"],
      [4, "a b a </s>"],
      [4, "b a </s>"],
    ]);
    assert.deepEqual([vocabulary.words, vocabulary.labels, sentences.tokens, sentences.longest], [3, 1, 14, 4]);
  });

  test("a line of more than 1,024 words goes on as another, whatever the segments", async () => {
    const { sentences } = await read("a b ".repeat(1500), { segmentLength: 2000 });
    const lengths = recordsOf(sentences.segments, String).map(([tokens]) => tokens);
    assert.deepEqual(lengths, [1025, 1025, 950]);
    assert.equal(sentences.segments.length, 2);
  });
});

describe("tables of words", () => {
  const text = `${"the ".repeat(81)}${"sun ".repeat(16)}moon `;

  test("shares that are kept, and slots of negatives", async () => {
    const { vocabulary } = await read(text);
    const { keptShares, negativeStarts } = buildTables(vocabulary, { samplingThreshold: 0.01, negativePower: 0.5 });
    const expected = [81, 16, 1].map((count) => Math.sqrt(0.98 / count) + 0.98 / count);
    for (const [word, share] of expected.entries()) assert.ok(Math.abs((keptShares[word] ?? 0) - share) < 1e-6);
    // Roots 9, 4 and 1 of 14.
    const slots = Array.from(negativeStarts.subarray(1), (end, word) => end - (negativeStarts[word] ?? 0));
    for (const [word, root] of [9, 4, 1].entries()) {
      assert.ok(Math.abs((slots[word] ?? 0) - (root / 14) * 1e7) <= 2, `${slots[word]}`);
    }
  });

  test("character n-grams: the word's own row first, then those between < and >", async () => {
    const { vocabulary } = await read(text, { buckets: 100, minChar: 3, maxChar: 4 });
    const tables = buildTables(vocabulary, { samplingThreshold: 1, negativePower: 0.75 });
    const { starts, rows, spreads } = tables.subwords ?? assert.fail("no subwords");
    // <the>: <th the he> <the the>; <moon>: <mo moo oon on> <moo moon oon>.
    assert.deepEqual([...starts], [0, 6, 12, 20]);
    assert.deepEqual([rows[0], rows[6], rows[12]], [0, 1, 2]);
    for (const [index, row] of rows.entries()) assert.ok([0, 6, 12].includes(index) || (row >= 3 && row < 103));
    assert.ok(spreads.every((spread) => spread >= 1));
    assert.equal(largestContext(tables, 5), 80);
  });
});
