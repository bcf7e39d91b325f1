import assert from "node:assert/strict";
import { test } from "node:test";
import { type JudgedList, judgeCandidate } from "./judgement.ts";

const from = new Date("2026-02-22T00:00:00Z");
const to = new Date("2026-03-01T00:00:00Z");
const other = (index: number) => Array.from({ length: 9 }, (_, place) => `other-${index}-${place}`);

/** 400 lists of which the share `hits` has the wanted product first. */
function lists(hits: number): JudgedList[] {
  return Array.from({ length: 400 }, (_, index) => ({
    recommended: index < 400 * hits ? ["wanted", ...other(index)] : other(index),
    wanted: new Set(["wanted"]),
  }));
}

const judge = (candidate: number, live: number | undefined) =>
  judgeCandidate({
    from,
    to,
    candidate: lists(candidate),
    popular: lists(0.05),
    live: live === undefined ? undefined : lists(live),
    margin: 0.1,
    seed: 7,
  });

test("the first version passes, with its quality beside what is popular", () => {
  const judgement = judge(0.3, undefined);
  assert.deepEqual([judgement.isNotWorse, judgement.live, judgement.difference], [true, null, null]);
  assert.equal(judgement.candidate.ndcg_at_10.mean, 0.3);
  assert.ok(Math.abs(judgement.candidate.precision_at_10.mean - 0.03) < 1e-12);
  assert.equal(judgement.candidate.recall_at_10.mean, 0.3);
  assert.equal(judgement.popular.ndcg_at_10.mean, 0.05);
  assert.ok(judgement.candidate.ndcg_at_10.low < 0.3 && judgement.candidate.ndcg_at_10.high > 0.3);
});

test("a version that is better, the same or a little worse within the margin passes", () => {
  assert.equal(judge(0.4, 0.3).isNotWorse, true);
  assert.equal(judge(0.3, 0.3).isNotWorse, true);
  assert.equal(judge(0.295, 0.3).isNotWorse, true);
});

test("a version that may be worse by more than the margin does not pass, and the reason has the numbers", () => {
  const judgement = judge(0.26, 0.3);
  assert.equal(judgement.isNotWorse, false);
  assert.match(judgement.reason, /0\.2600 against 0\.3000 on 400 lists: difference -0\.0400 .* reaches below -0\.0300/);
});
