import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseText } from "./normalise-text.ts";
import { readProductOpinions } from "./product-opinions.ts";
import { formatExamples, splitOpinions } from "./split-opinions.ts";

const opinions = await readProductOpinions();
const split = splitOpinions(opinions);

test("the data has the documented counts (data/README.md)", () => {
  assert.deepEqual(split.counts, {
    opinions: 45_867,
    unreadable: 17,
    texts: 40_689,
    ambiguousTexts: 147,
    ambiguousOpinions: 2_272,
  });
  assert.equal(split.train.length, 33_565);
  assert.equal(split.validation.length, 3_214);
  assert.equal(split.test.length, 8_196);
});

test("no text is on two sides, and held-out texts occur once", () => {
  const sides = [split.train, split.validation, split.test].map((side) => new Set(side.map(({ text }) => text)));
  const [train, validation, testTexts] = sides;
  assert.ok(train && validation && testTexts);
  const inTwo = [...testTexts, ...validation].filter((text) => train.has(text));
  assert.deepEqual([...inTwo, ...[...testTexts].filter((text) => validation.has(text))], []);
  assert.equal(testTexts.size, split.test.length);
  assert.equal(validation.size, split.validation.length);
});

test("a text keeps its side when it is spelled otherwise or data is added", () => {
  const [held] = split.test;
  assert.ok(held);
  const again = splitOpinions([
    { label: held.label, text: `  ${held.text.toUpperCase()}\n` },
    { label: "positive", text: "something entirely new about nothing" },
  ]);
  assert.deepEqual(
    again.test.filter(({ text }) => text === held.text),
    [held],
  );
});

test("a text with both labels only trains, and unreadable ones vanish", () => {
  const {
    train,
    validation,
    test: held,
    counts,
  } = splitOpinions([
    { label: "positive", text: "None." },
    { label: "negative", text: "none ." },
    { label: "negative", text: "???日本" },
    { label: "negative", text: "日本" },
  ]);
  assert.equal(counts.unreadable, 1);
  assert.equal(counts.ambiguousTexts, 1);
  assert.equal(train.filter(({ text }) => text === "none .").length, 2);
  assert.equal(train.length + validation.length + held.length, 3);
});

test("the training order is fixed and mixes the labels", () => {
  assert.deepEqual(splitOpinions(opinions).train, split.train);
  const early = split.train.slice(0, 1000).filter(({ label }) => label === "positive").length;
  assert.ok(early > 400 && early < 600, `${early} of the first 1000 are positive`);
});

test("examples are written in BlazingText's format", () => {
  assert.equal(
    formatExamples([{ label: "positive", text: normaliseText("Easy, fast") }]),
    "__label__positive easy , fast\n",
  );
});
