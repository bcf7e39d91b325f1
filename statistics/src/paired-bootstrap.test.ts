import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedBootstrap } from "./paired-bootstrap.ts";
import { createRandom } from "./random.ts";

test("the interval is that of resampling the examples one by one", () => {
  const outcomes = { onlyFirst: 40, onlySecond: 22, total: 500 };
  const contributions = Array.from({ length: 500 }, (_, index) => (index < 40 ? 1 : index < 62 ? -1 : 0));
  const random = createRandom(3);
  const literal = Array.from({ length: 4000 }, () => {
    let sum = 0;
    for (let draw = 0; draw < 500; draw++) sum += contributions[Math.floor(500 * random())];
    return sum / 500;
  }).sort((left, right) => left - right);
  const { difference, low, high } = pairedBootstrap(outcomes, { random: createRandom(4), resamples: 4000 });
  assert.equal(difference, 0.036);
  // The Monte Carlo error of an end of the interval is about a twentieth of the standard error (0.016).
  assert.ok(Math.abs(low - literal[99]) <= 0.003, `${low} beside ${literal[99]}`);
  assert.ok(Math.abs(high - literal[3900]) <= 0.003, `${high} beside ${literal[3900]}`);
});

test("the interval of many examples is difference ± 1.96 standard errors", () => {
  const [onlyFirst, onlySecond, total] = [900, 700, 20_000];
  const { difference, low, high } = pairedBootstrap({ onlyFirst, onlySecond, total }, { random: createRandom(5) });
  const error = Math.sqrt(((onlyFirst + onlySecond) / total - difference ** 2) / total);
  assert.ok(Math.abs(low - (difference - 1.96 * error)) < 0.15 * error);
  assert.ok(Math.abs(high - (difference + 1.96 * error)) < 0.15 * error);
});

test("the seed decides; classifiers that never differ have no width; no examples are refused", () => {
  const outcomes = { onlyFirst: 5, onlySecond: 3, total: 50 };
  const run = () => pairedBootstrap(outcomes, { random: createRandom(9) });
  assert.deepEqual(run(), run());
  const same = pairedBootstrap({ onlyFirst: 0, onlySecond: 0, total: 10 }, { random: createRandom(1) });
  assert.deepEqual([same.difference, same.low, same.high], [0, 0, 0]);
  assert.throws(() => pairedBootstrap({ ...outcomes, total: 0 }, { random: createRandom(1) }), RangeError);
  assert.throws(() => pairedBootstrap({ ...outcomes, total: 7 }, { random: createRandom(1) }), RangeError);
});
