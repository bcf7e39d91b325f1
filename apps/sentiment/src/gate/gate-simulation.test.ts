import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random, wilsonInterval } from "@rondo/statistics";
import { judgeCandidate } from "./judge-candidate.ts";
import type { JudgedRow } from "./scores.ts";

/** What the two models of a simulated retraining are truly like. */
interface Retraining {
  readonly championAccuracy: number;
  /** Candidate minus champion. */
  readonly difference: number;
  /** Share of rows on which exactly one is right; two trainings of fastText on nearly the same data differ on some 3 to 8 % of the hold-out. */
  readonly disagreement: number;
}

const SLICES = [
  ["domain=product", "length=short"],
  ["domain=product", "length=long"],
  ["domain=film", "length=long"],
];

function drawRow(random: Random, { championAccuracy, difference, disagreement }: Retraining): JudgedRow {
  const actual = random() < 0.5 ? "positive" : "negative";
  const other = actual === "positive" ? "negative" : "positive";
  const onlyCandidate = (disagreement + difference) / 2;
  const onlyChampion = (disagreement - difference) / 2;
  const draw = random();
  const slices = SLICES[Math.floor(3 * random())] ?? [];
  if (draw < onlyCandidate) return { actual, candidate: actual, champion: other, slices };
  if (draw < disagreement) return { actual, candidate: other, champion: actual, slices };
  const areBothRight = draw < disagreement + championAccuracy - onlyChampion;
  return { actual, candidate: areBothRight ? actual : other, champion: areBothRight ? actual : other, slices };
}

function passRate(retraining: Retraining, { rows, rounds }: { readonly rows: number; readonly rounds: number }) {
  const random = createRandom(20);
  let passed = 0;
  for (let round = 0; round < rounds; round++) {
    const drawn = Array.from({ length: rows }, () => drawRow(random, retraining));
    passed += judgeCandidate(drawn, { seed: round }).deploy;
  }
  return { rate: passed / rounds, rounds, ...wilsonInterval(passed, rounds) };
}

const shown = ({ rate, rounds, low, high }: ReturnType<typeof passRate>): string =>
  `${(100 * rate).toFixed(1)} % of ${rounds} (95 % interval ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %)`;

for (const disagreement of [0.03, 0.1]) {
  test(`a model that is not better passes at most 5 % of the time, disagreement ${disagreement}`, (context) => {
    const rate = passRate({ championAccuracy: 0.88, difference: 0, disagreement }, { rows: 1500, rounds: 500 });
    context.diagnostic(`not better, 1,500 rows: passes in ${shown(rate)}`);
    assert.ok(rate.high <= 0.05, shown(rate));
  });
}

test("a model that is worse by a point hardly ever passes", (context) => {
  const rate = passRate({ championAccuracy: 0.88, difference: -0.01, disagreement: 0.08 }, { rows: 1500, rounds: 200 });
  context.diagnostic(`1 point worse, 1,500 rows: passes in ${shown(rate)}`);
  assert.ok(rate.high <= 0.02, shown(rate));
});

test("a model that is better by two points passes as often as the hold-out's size allows", (context) => {
  const better = { championAccuracy: 0.88, difference: 0.02, disagreement: 0.08 };
  const rates = [500, 1500, 10_238].map((rows) => ({
    rows,
    rate: passRate(better, { rows, rounds: rows > 5000 ? 40 : 150 }),
  }));
  for (const { rows, rate } of rates) context.diagnostic(`2 points better, ${rows} rows: passes in ${shown(rate)}`);
  const [small, medium, full] = rates.map(({ rate }) => rate);
  assert.ok(small && medium && full && small.rate < medium.rate && medium.rate < full.rate);
  assert.ok(full.low > 0.85, shown(full));
});
