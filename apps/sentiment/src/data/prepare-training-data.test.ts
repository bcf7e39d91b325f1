import assert from "node:assert/strict";
import { test } from "node:test";
import { describeHoldOut } from "./hold-out.ts";
import type { Opinion } from "./opinion.ts";
import { formatOpinions } from "./opinion-csv.ts";
import { parseExamples, prepareTrainingData } from "./prepare-training-data.ts";

const opinion = (text: string, label = "positive"): Opinion => ({ text, label, domain: "product" });
const holdOutOf = (opinions: readonly Opinion[]) => describeHoldOut(Buffer.from(formatOpinions(opinions)));
const HOLD_OUT = holdOutOf([opinion("Easy to use!"), opinion("too heavy", "negative")]);

test("what occurs in the hold-out is dropped and counted, whatever its spelling and label", async () => {
  const rows = [
    opinion("EASY  to use !"),
    opinion("Too heavy"),
    opinion("light"),
    opinion("slow", "negative"),
    opinion("¡¿"),
  ];
  const { counts, train, validation } = await prepareTrainingData(rows, { holdOut: HOLD_OUT });
  assert.deepEqual([counts.rows, counts.inHoldOut, counts.unreadable, counts.train + counts.validation], [5, 2, 1, 2]);
  assert.doesNotMatch(train + validation, /easy|heavy/);
});

test("no text is on both sides, ambiguous ones and repetitions train, and the split stays when data is added", async () => {
  const texts = Array.from({ length: 400 }, (_, index) =>
    opinion(`text number ${index}`, index % 2 ? "positive" : "negative"),
  );
  const first = await prepareTrainingData([...texts, ...texts, opinion("text number 7", "negative")], {
    holdOut: HOLD_OUT,
  });
  const [train, validation] = [parseExamples(first.train), parseExamples(first.validation)];
  const trained = new Set(train.map(({ text }) => text));
  assert.ok(validation.length > 20 && validation.length < 60, `${validation.length} validate`);
  assert.ok(validation.every(({ text }) => !trained.has(text)));
  assert.equal(new Set(validation.map(({ text }) => text)).size, validation.length);
  assert.equal(train.filter(({ text }) => text === "text number 7").length, 3);
  assert.equal(first.counts.ambiguousTexts, 1);
  const more = await prepareTrainingData([...texts, opinion("brand new"), opinion("text number 7", "negative")], {
    holdOut: HOLD_OUT,
  });
  const moreValidation = new Set(parseExamples(more.validation).map(({ text }) => text));
  assert.ok(validation.every(({ text }) => moreValidation.has(text)));
});

test("the same rows, in whatever order, give the same bytes in an order that is not theirs", async () => {
  const rows = Array.from({ length: 50 }, (_, index) => opinion(`text ${index}`, index < 25 ? "positive" : "negative"));
  const [one, same] = [
    await prepareTrainingData(rows, { holdOut: HOLD_OUT }),
    await prepareTrainingData(rows.toReversed(), { holdOut: HOLD_OUT }),
  ];
  assert.equal(one.train, same.train);
  const labels = parseExamples(one.train).map(({ label }) => label);
  assert.ok(new Set(labels.slice(0, 15)).size === 2, labels.slice(0, 15).join());
});

test("the tokenizer has labels, words and what unseen data looks like", async () => {
  const rows = Array.from({ length: 200 }, (_, index) =>
    opinion(`it has word${index} !`, index % 2 ? "positive" : "negative"),
  );
  const { tokenizer, counts } = await prepareTrainingData(rows, { holdOut: HOLD_OUT });
  assert.deepEqual(tokenizer.labels, ["negative", "positive"]);
  assert.deepEqual(tokenizer.words.slice(0, 2), ["has", "it"]);
  assert.equal(tokenizer.words.length, counts.train + 2);
  // Each validation text has three words, one of which nothing else has.
  assert.ok(Math.abs(tokenizer.validationInputs.unseenShare - 1 / 3) < 1e-12);
  assert.deepEqual(tokenizer.validationInputs.unseenWords.counts, [0, counts.validation, 0, 0, 0]);
});

test("labels that the hold-out does not have need an explicit word", async () => {
  const rows = [opinion("fine", "good"), opinion("no", "bad")];
  await assert.rejects(
    prepareTrainingData(rows, { holdOut: HOLD_OUT }),
    /labels bad, good, the hold-out negative, positive/,
  );
  const { tokenizer } = await prepareTrainingData(rows, { holdOut: HOLD_OUT, areOtherLabelsAllowed: true });
  assert.deepEqual(tokenizer.labels, ["bad", "good"]);
  await assert.rejects(prepareTrainingData([opinion("fine")], { holdOut: HOLD_OUT }), /the label positive only/);
  await assert.rejects(prepareTrainingData([], { holdOut: HOLD_OUT }), /no rows to train on/);
});
