import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTokenizer, parseTokenizer } from "./tokenizer.ts";

const TOKENIZER = buildTokenizer(["positive", "negative"], {
  train: ["easy to use", "to heavy"],
  validation: ["to go"],
});

test("what is written is read again", () => {
  assert.deepEqual(parseTokenizer(JSON.stringify(TOKENIZER)), TOKENIZER);
  assert.deepEqual(parseTokenizer(Buffer.from(JSON.stringify(TOKENIZER))), TOKENIZER);
});

test("a pickle, another format and another normalisation are refused with the reason", () => {
  assert.throws(() => parseTokenizer(Buffer.from([0x80, 0x04, 0x95])), /pickled tokenizer/);
  assert.throws(() => parseTokenizer('{"format":"keras"}'), /format keras/);
  assert.throws(
    () => parseTokenizer(JSON.stringify({ ...TOKENIZER, normalisationVersion: 0 })),
    /as version 0, this program as version 1/,
  );
});
