import assert from "node:assert/strict";
import { test } from "node:test";
import { withDisplayScores } from "./display-score.ts";

test("the shown score is confidence times relevance, both are returned, and Personalize's stays as it is", () => {
  const offers = withDisplayScores(
    [
      { itemId: "A", score: 0.02 },
      { itemId: "B", score: 0.005 },
    ],
    15,
  );
  assert.deepEqual(offers, [
    { product_id: "A", score: 0.75, raw_score: 0.02, relevance: 1, confidence: 0.75 },
    { product_id: "B", score: 0.1875, raw_score: 0.005, relevance: 0.25, confidence: 0.75 },
  ]);
});

test("a list without scores has the relevance of its places, and of whom nothing is known nothing is sure", () => {
  const offers = withDisplayScores([{ itemId: "A" }, { itemId: "B" }], 5);
  assert.deepEqual(
    offers.map(({ relevance, score, raw_score }) => [relevance, score, raw_score]),
    [
      [1, 0.5, null],
      [0.5, 0.25, null],
    ],
  );
  assert.equal(withDisplayScores([{ itemId: "A", score: 1 }], 0)[0]?.score, 0);
  assert.deepEqual(withDisplayScores([], 3), []);
});
