import assert from "node:assert/strict";
import { test } from "node:test";
import type { Opinion } from "../data/opinion.ts";
import { hashOfText } from "../data/text-hash.ts";
import type { Feedback } from "../feedback-service/feedback.ts";
import { normaliseText } from "../normalise-text.ts";
import { mergeFeedback } from "./merge-feedback.ts";

async function* from<Row>(...rows: Row[]): AsyncGenerator<Row> {
  yield* rows;
}

function opinion(text: string, label: string): Opinion {
  return { text, label, domain: "product" };
}

function feedback(text: string | undefined, user_label: string, second: number): Feedback {
  return {
    feedback_id: `${text}-${second}`,
    timestamp: new Date(second * 1000).toISOString(),
    user_label,
    is_traced: false,
    ...(text !== undefined && { text, text_hash: hashOfText(normaliseText(text)) }),
  };
}

async function merge(historical: Opinion[], given: Feedback[], texts: string[] = [], labels?: string[]) {
  const hidden = new Set(texts.map((text) => hashOfText(normaliseText(text))));
  const options = { hidden, labels: labels && new Set(labels) };
  const { rows, counts } = mergeFeedback(from(...historical), from(...given), options);
  const merged: Opinion[] = [];
  for await (const row of rows) merged.push(row);
  return { rows: merged, counts };
}

test("feedback adds its texts to the history, each with its newest label", async () => {
  const { rows, counts } = await merge(
    [opinion("easy to use", "positive")],
    [feedback("so so", "negative", 2), feedback("So so", "positive", 3), feedback("so SO", "negative", 1)],
  );
  assert.deepEqual(rows, [opinion("easy to use", "positive"), { text: "So so", label: "positive", domain: "" }]);
  assert.equal(counts.superseded, 2);
  assert.equal(counts.merged, 2);
});

test("feedback replaces the historical rows of its text", async () => {
  const { rows, counts } = await merge(
    [opinion("Price", "positive"), opinion("price", "negative"), opinion("size", "positive")],
    [feedback("price", "negative", 1)],
  );
  assert.deepEqual(
    rows.map(({ text, label }) => `${text} ${label}`),
    ["size positive", "price negative"],
  );
  assert.equal(counts.replaced, 2);
});

test("texts of the hidden test set are dropped from both and counted, whatever their spelling", async () => {
  const { rows, counts } = await merge(
    [opinion("a hidden text", "positive"), opinion("another", "positive")],
    [feedback("A  hidden TEXT", "negative", 1)],
    ["A hidden text"],
  );
  assert.deepEqual(
    rows.map(({ text }) => text),
    ["another"],
  );
  assert.equal(counts.hidden, 2);
});

test("feedback without its text is counted and not learned from", async () => {
  const { rows, counts } = await merge([], [feedback(undefined, "negative", 1)]);
  assert.deepEqual(rows, []);
  assert.equal(counts.withoutText, 1);
});

test("feedback with a label that the model does not have spoils no retraining, unless all labels are wanted", async () => {
  const given = [feedback("so so", "neutral", 2), feedback("so so", "negative", 1)];
  const known = await merge([], given, [], ["negative", "positive"]);
  assert.deepEqual(known.rows, [{ text: "so so", label: "negative", domain: "" }]);
  assert.equal(known.counts.otherLabels, 1);
  assert.deepEqual((await merge([], given)).rows, [{ text: "so so", label: "neutral", domain: "" }]);
});
