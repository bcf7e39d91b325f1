import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { createRandom, type Random, wilsonInterval } from "@rondo/statistics";
import { parseOpinions } from "../data/opinion-csv.ts";
import { parseExamples, prepareTrainingData } from "../data/prepare-training-data.ts";
import { normaliseText } from "../normalise-text.ts";
import { type DriftReference, detectDrift, type RecentFeedback } from "./detect-drift.ts";
import { CONFIDENCE_EDGES, histogramOf } from "./histogram.ts";

const DATASETS = join(import.meta.dirname, "../../Dataset");

/** A model that is right in 94 of 100 cases and more confident when it is. */
function answer(random: Random, text: string, accuracy = 0.94): RecentFeedback {
  const isRight = random() < accuracy;
  const confidence = isRight ? 1 - random() ** 3 / 2 : 1 - random() / 2;
  return { text, userLabel: "positive", prediction: isRight ? "positive" : "negative", confidence };
}

function draw(random: Random, texts: readonly string[], rows: number): string[] {
  return Array.from({ length: rows }, () => texts[Math.floor(random() * texts.length)] ?? "");
}

let reference: DriftReference;
/** What customers go on writing: opinions on products that the model was not trained on. */
let products: readonly string[];
let films: readonly string[];

before(async () => {
  const read = async (name: string) => parseOpinions(await readFile(join(DATASETS, name)));
  const holdOut = { sha256: "", rows: 0, labels: ["negative", "positive"], textHashes: [] };
  const { tokenizer, validation } = await prepareTrainingData(await read("train_data.csv"), { holdOut });
  const texts = parseExamples(validation).map(({ text }) => text);
  const random = createRandom(3);
  const answers = texts.map((text) => answer(random, text));
  reference = {
    inputs: tokenizer.validationInputs,
    confidence: histogramOf(
      answers.map(({ confidence = 0 }) => confidence),
      CONFIDENCE_EDGES,
    ),
    accuracy: { correct: answers.filter(({ prediction }) => prediction === "positive").length, n: answers.length },
    vocabulary: new Set(tokenizer.words),
  };
  products = (await read("test_data.csv")).map(({ text }) => normaliseText(text));
  films = (await read("film_sentences.csv")).map(({ text }) => normaliseText(text));
});

for (const rows of [60, 300, 1000]) {
  test(`unchanged traffic of ${rows} rows alarms within the budget of 5 %`, (context) => {
    const random = createRandom(rows);
    const rounds = 300;
    let alarms = 0;
    for (let round = 0; round < rounds; round++) {
      const feedback = draw(random, products, rows).map((text) => answer(random, text));
      if (detectDrift(feedback, reference).isRetrainingAdvised) alarms += 1;
    }
    const { low, high } = wilsonInterval(alarms, rounds);
    context.diagnostic(
      `${alarms} of ${rounds} runs alarm (95 % interval ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %)`,
    );
    assert.ok(alarms / rounds <= 0.05, `${alarms} of ${rounds}`);
  });
}

test("a domain that the model never saw is noticed by its words and lengths, also while accuracy holds", () => {
  const random = createRandom(5);
  const report = detectDrift(
    draw(random, films, 200).map((text) => answer(random, text)),
    reference,
  );
  assert.equal(report.isRetrainingAdvised, true);
  assert.deepEqual(
    report.shifts.map(({ name, isShifted }) => [name, isShifted]),
    [
      ["length", true],
      ["unseen words", true],
      ["confidence", false],
    ],
  );
  assert.ok(report.unseenWords.share > 3 * report.unseenWords.referenceShare);
  assert.match(report.reason, /^Retraining is advised: length shifted \(index \d\.\d\d\); unseen words shifted/);
});

test("a fall in accuracy is noticed by itself, and its interval is told", () => {
  const random = createRandom(6);
  const report = detectDrift(
    draw(random, products, 200).map((text) => answer(random, text, 0.8)),
    reference,
  );
  assert.equal(report.accuracyChange?.isDrop, true);
  assert.ok((report.accuracyChange?.high ?? 0) < 0);
  assert.match(report.reason, /accuracy on feedback is \d\d\.\d %, \d+\.\d points below the model's own/);
  assert.ok((report.accuracy?.low ?? 1) < 0.8 && (report.accuracy?.high ?? 0) > 0.8);
});

test("little feedback advises nothing and says so; none is no accuracy of nothing", () => {
  const random = createRandom(7);
  const few = detectDrift(
    draw(random, films, 20).map((text) => answer(random, text, 0.2)),
    reference,
  );
  assert.equal(few.isRetrainingAdvised, false);
  assert.equal(few.reason, "20 feedback rows are too few to tell; 50 are needed.");
  const none = detectDrift([], reference);
  assert.deepEqual([none.accuracy, none.shifts, none.isRetrainingAdvised], [undefined, [], false]);
});

test("feedback without confidence is judged by the rest", () => {
  const feedback = products.slice(0, 100).map((text) => ({
    text,
    userLabel: "positive",
    prediction: "positive",
    confidence: undefined,
  }));
  assert.deepEqual(
    detectDrift(feedback, reference).shifts.map(({ name }) => name),
    ["length", "unseen words"],
  );
});
