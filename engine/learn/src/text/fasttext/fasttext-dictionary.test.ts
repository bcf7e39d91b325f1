import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Dictionary, hashBytes, pruneDictionary } from "./fasttext-dictionary.ts";

const prefix = Buffer.from("__label__");

function add(dictionary: Dictionary, word: string): number {
  const bytes = Buffer.from(`<${word}>`);
  return dictionary.add(bytes, 1, bytes.length - 1, hashBytes(bytes, 1, bytes.length - 1));
}

function find(dictionary: Dictionary, word: string): number {
  const bytes = Buffer.from(word);
  return dictionary.find(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
}

const wordsOf = (dictionary: Dictionary): string[] =>
  Array.from({ length: dictionary.size }, (_, entry) => Buffer.from(dictionary.word(entry)).toString());

describe("Dictionary", () => {
  test("numbers words in order of appearance and counts them", () => {
    const dictionary = new Dictionary(prefix);
    assert.deepEqual(
      ["b", "a", "b", "", "b"].map((word) => add(dictionary, word)),
      [0, 1, 0, 2, 0],
    );
    assert.deepEqual(
      [0, 1, 2].map((entry) => dictionary.count(entry)),
      [3, 1, 1],
    );
    assert.deepEqual(wordsOf(dictionary), ["b", "a", ""]);
    assert.deepEqual([find(dictionary, "a"), find(dictionary, "c")], [1, -1]);
  });

  test("keeps a hundred thousand words apart, through every growth of its tables", () => {
    const dictionary = new Dictionary(prefix);
    const word = (index: number): string => `${index % 2 === 0 ? "größe" : "w"}${index}`;
    for (let index = 0; index < 100_000; index++) assert.equal(add(dictionary, word(index)), index);
    for (let index = 0; index < 100_000; index += 37) assert.equal(find(dictionary, word(index)), index);
    assert.equal(find(dictionary, "w0"), -1);
  });

  test("words whose hashes are equal are different words", () => {
    const dictionary = new Dictionary(prefix);
    const [first, second] = [Buffer.from("one"), Buffer.from("two")];
    assert.equal(dictionary.add(first, 0, 3, 42), 0);
    assert.equal(dictionary.add(second, 0, 3, 42), 1);
    assert.equal(dictionary.find(second, 0, 3, 42), 1);
  });

  test("a label is a word that starts with the prefix", () => {
    const dictionary = new Dictionary(prefix);
    for (const word of ["__label__", "__label__x", "__labe", "x__label__"]) add(dictionary, word);
    assert.deepEqual(
      [0, 1, 2, 3].map((entry) => dictionary.isLabel(entry)),
      [true, true, false, false],
    );
  });
});

describe("pruneDictionary", () => {
  const dictionary = new Dictionary(prefix);
  for (const word of [
    "rare",
    "__label__b",
    "often",
    "even",
    "__label__a",
    "often",
    "__label__a",
    "often",
    "even",
    "late",
    "late",
  ]) {
    add(dictionary, word);
  }

  test("words by falling count, then labels; equal counts in order of appearance", () => {
    const pruned = pruneDictionary(dictionary, prefix, { word: 1, label: 0 });
    assert.deepEqual(wordsOf(pruned), ["often", "even", "late", "rare", "__label__a", "__label__b"]);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((entry) => pruned.count(entry)),
      [3, 2, 2, 1, 2, 1],
    );
  });

  test("what is seen less often than asked is left out", () => {
    assert.deepEqual(wordsOf(pruneDictionary(dictionary, prefix, { word: 2, label: 2 })), [
      "often",
      "even",
      "late",
      "__label__a",
    ]);
    assert.deepEqual(wordsOf(pruneDictionary(dictionary, prefix, { word: 9, label: 9 })), []);
  });
});
