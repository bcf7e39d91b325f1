import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CountedRows } from "./counted-rows.ts";
import { eachNgram } from "./lexicon.ts";
import { NgramTable } from "./ngram-table.ts";
import { pruneVocabulary } from "./prune-vocabulary.ts";
import { CHARACTERS, Vocabulary } from "./vocabulary.ts";

test("the table finds what was added, however much it has grown", () => {
  const table = new NgramTable();
  for (let number = 0; number < 20_000; number++) {
    assert.equal(table.findOrAdd(number % 97, Math.floor(number / 97), number), number);
  }
  for (let number = 0; number < 20_000; number++)
    assert.equal(table.find(number % 97, Math.floor(number / 97)), number);
  assert.equal(table.find(97, 0), -1);
  assert.equal(table.findOrAdd(3, 5, 99_999), 3 + 5 * 97);
});

test("counted rows count each row on its own, also after they were cleared", () => {
  const rows = new CountedRows();
  for (const ngrams of [
    [5, 7, 5],
    [7, 5],
  ]) {
    for (const ngram of ngrams) rows.add(ngram);
    rows.endRow();
  }
  assert.deepEqual([...rows.ngrams.subarray(0, rows.entries)], [5, 7, 7, 5]);
  assert.deepEqual([...rows.counts.subarray(0, rows.entries)], [2, 1, 1, 1]);
  rows.clear();
  rows.add(5);
  rows.endRow();
  assert.deepEqual([rows.rowStarts, rows.counts[0]], [[0, 1], 1]);
});

describe("vocabulary", () => {
  const lengths = { wordNgrams: 3, minChar: 2, maxChar: 3 };
  const ngramsOf = (vocabulary: Vocabulary, text: string): number[] => {
    const found: number[] = [];
    eachNgram(text.split(" "), vocabulary, (feature) => found.push(feature));
    return found;
  };

  test("words, their n-grams and those of their characters each have a number and a kind", () => {
    const vocabulary = new Vocabulary(lengths);
    const kinds = ngramsOf(vocabulary, "it is so").map((feature) => vocabulary.kinds[feature] ?? 0);
    const words = kinds.filter((kind) => kind < CHARACTERS);
    assert.deepEqual(words, [1, 2, 3, 1, 2, 1]);
    // " it " has 3 pairs and 2 triples of characters, and so has each other word of two letters.
    assert.equal(kinds.length - words.length, 15);
    assert.deepEqual(ngramsOf(vocabulary, "it is so"), ngramsOf(vocabulary, "it is so"));
  });

  test("pruned, it knows what is frequent enough, and nothing new", () => {
    const all = new Vocabulary(lengths);
    const frequencies = new Uint32Array(1000);
    for (const text of ["good phone", "good phone", "good cable"]) {
      for (const feature of new Set(ngramsOf(all, text))) frequencies[feature] = (frequencies[feature] ?? 0) + 1;
    }
    const weighting = {
      wordNgrams: 2,
      maxChar: 0,
      minDocumentFrequency: 2,
      termFrequency: "binary",
      inverseDocumentFrequency: true,
      characterShare: 0.5,
    } as const;
    const { vocabulary, renumbered } = pruneVocabulary(all, frequencies, weighting);
    assert.deepEqual([...vocabulary.words.keys()], ["good", "phone"]);
    assert.equal(vocabulary.size, 3);
    assert.deepEqual(ngramsOf(vocabulary, "good phone cable"), [0, 2, 1]);
    assert.equal(renumbered.filter((number) => number >= 0).length, 3);
    assert.equal(vocabulary.size, 3);
  });
});
