import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeCandidate } from "./judge-candidate.ts";
import type { JudgedRow } from "./scores.ts";

type Answers = Partial<Pick<JudgedRow, "candidate" | "champion">>;

/** Rows of which both models get all right, except where `answers` says otherwise. Labels alternate. */
function rowsOf(count: number, answers: (index: number) => Answers = () => ({}), slice = "domain=film"): JudgedRow[] {
  return Array.from({ length: count }, (_, index) => {
    const actual = index % 2 === 0 ? "positive" : "negative";
    return { actual, candidate: actual, champion: actual, slices: [slice], ...answers(index) };
  });
}

const wrong = (index: number): string => (index % 2 === 0 ? "negative" : "positive");

test("a first model needs the floor only, and exactly the floor is enough", () => {
  const rows = (right: number) =>
    rowsOf(1000, (index) => ({ champion: undefined, ...(index >= right && { candidate: wrong(index) }) }));
  const enough = judgeCandidate(rows(800));
  assert.equal(enough.decision, "deploy");
  assert.equal(enough.champion, undefined);
  assert.equal(enough.improvement, undefined);
  const short = judgeCandidate(rows(799));
  assert.deepEqual([short.decision, short.deploy, short.register], ["refuse", 0, 0]);
  assert.match(
    short.reason,
    /^Below the floor: accuracy 79\.9 % \(95 % interval 77\.3 % to 82\.3 %\), floor 80\.0 %\.$/,
  );
  assert.equal(judgeCandidate(rows(799), { accuracyThreshold: 0.7 }).decision, "deploy");
});

test("an improvement whose interval excludes zero opens the gate", () => {
  const verdict = judgeCandidate(rowsOf(1000, (index) => (index < 40 ? { champion: wrong(index) } : {})));
  assert.equal(verdict.decision, "deploy");
  assert.equal(verdict.improvement?.difference, 0.04);
  assert.equal(verdict.improvement?.onlyCandidate, 40);
  // 2 · 2^−40, less than which a report does not tell.
  assert.ok(Math.abs((verdict.improvement?.mcNemarP ?? 1) - 2 ** -39) < 1e-18);
  assert.equal(verdict.candidate.macroF1, 1);
});

test("luck does not: 12 rows won and 8 lost are registered for a person to decide", () => {
  const verdict = judgeCandidate(
    rowsOf(1000, (index) => (index < 12 ? { champion: wrong(index) } : index < 20 ? { candidate: wrong(index) } : {})),
  );
  assert.deepEqual([verdict.decision, verdict.deploy, verdict.register], ["hold", 0, 1]);
  assert.deepEqual(
    Object.values(verdict.conditions).map(({ met }) => met),
    [1, 0, 1, 1],
  );
  assert.match(verdict.reason, /\+0\.40 points against the live model \(95 % interval −/);
});

test("the same model again is not better", () => {
  assert.equal(judgeCandidate(rowsOf(500)).decision, "hold");
});

test("a better model that forgets a class is held", () => {
  // 60 of 500 negative rows are lost, 90 positive ones won.
  const verdict = judgeCandidate(
    rowsOf(1000, (index) => {
      if (index % 2 === 1 && index < 120) return { candidate: wrong(index) };
      return index % 2 === 0 && index < 300 ? { champion: wrong(index) } : {};
    }),
  );
  assert.equal(verdict.conditions.improvement.met, 1);
  assert.equal(verdict.decision, "hold");
  assert.match(verdict.conditions.recall.reason, /negative −12\.00$/);
});

test("a better model that is worse on the old domain is held; a slice too small to tell is not judged", () => {
  const lose = (share: number) => (index: number) => (index % share === 0 ? { candidate: wrong(index) } : {});
  const won = rowsOf(2000, (index) => (index % 5 === 0 ? { champion: wrong(index) } : {}), "domain=film");
  const verdict = judgeCandidate([...won, ...rowsOf(1000, lose(40), "domain=product")]);
  assert.equal(verdict.conditions.improvement.met, 1);
  assert.equal(verdict.decision, "hold");
  assert.match(verdict.reason, /falls by more than 2 points on domain=product −2\.50/);
  const small = judgeCandidate([...won, ...rowsOf(399, lose(40), "domain=product")]);
  assert.equal(small.decision, "deploy");
  assert.deepEqual(
    small.slices.map(({ name, isJudged }) => [name, isJudged]),
    [
      ["domain=film", true],
      ["domain=product", false],
    ],
  );
});

test("nothing to judge on, or a champion that answered some rows only, is an error", () => {
  assert.throws(() => judgeCandidate([]), /hold-out is empty/);
  assert.throws(() => judgeCandidate(rowsOf(4, (index) => (index < 1 ? { champion: undefined } : {}))), /3 of 4 rows/);
});
