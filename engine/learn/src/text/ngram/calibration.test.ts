import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrateSigmoids, calibrateTemperature, sigmoidLoss, softmaxLoss } from "./calibration.ts";

const pause = async (): Promise<void> => {};

/** Scores from −2 to 2 whose labels follow a sigmoid of slope 3 and intercept 0.5. */
function sigmoidRows(rows = 4000) {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const scores = Float32Array.from({ length: rows }, () => random() * 4 - 2);
  const signs = Int8Array.from(scores, (score) => (random() < 1 / (1 + Math.exp(-(3 * score + 0.5))) ? 1 : -1));
  return { scores, signs };
}

test("Platt's sigmoid is found again", async () => {
  const { scores, signs } = sigmoidRows();
  const calibration = await calibrateSigmoids([scores], [signs], pause);
  assert.ok(Math.abs((calibration.slopes[0] ?? 0) - 3) < 0.3, String(calibration.slopes[0]));
  assert.ok(Math.abs((calibration.intercepts[0] ?? 0) - 0.5) < 0.15, String(calibration.intercepts[0]));
  const flat = { slopes: Float64Array.of(0), intercepts: Float64Array.of(0) };
  assert.ok(sigmoidLoss(scores, signs, calibration) < sigmoidLoss(scores, signs, flat) / 1.5);
});

test("scores that say nothing get a slope near 0, and separable ones stay finite", async () => {
  const { signs } = sigmoidRows();
  const nothing = await calibrateSigmoids([new Float32Array(signs.length)], [signs], pause);
  assert.equal(nothing.slopes[0], 0);
  const separable = Float32Array.from(signs);
  const certain = await calibrateSigmoids([separable], [signs], pause);
  assert.ok(Number.isFinite(certain.slopes[0]) && (certain.slopes[0] ?? 0) > 2);
});

test("a label with few positives takes the slope of all", async () => {
  const { scores, signs } = sigmoidRows();
  const rare = signs.map((_, row) => (row < 3 ? 1 : -1));
  const { slopes } = await calibrateSigmoids([scores, scores], [signs, rare], pause);
  const joined = (await calibrateSigmoids([scores, scores], [rare, signs], pause)).slopes[0];
  assert.ok(Math.abs((slopes[1] ?? 0) - (joined ?? 1)) < 1e-9);
  assert.notEqual(slopes[0], slopes[1]);
});

test("the temperature has the least log-loss of all near it", async () => {
  const { scores, signs } = sigmoidRows();
  const opposite = scores.map((score) => -score);
  const labelOf = (row: number): number => ((signs[row] ?? 0) > 0 ? 0 : 1);
  const slope = (await calibrateTemperature([scores, opposite], labelOf, pause)).slopes[0] ?? 0;
  const loss = (factor: number): number => softmaxLoss([scores, opposite], labelOf, slope * factor);
  assert.ok(loss(1) <= loss(1.02) && loss(1) <= loss(0.98));
});

test("many scores: others have their turn, and an abort ends the fit", async () => {
  const { scores, signs } = sigmoidRows(300_000);
  const aborted = async (): Promise<void> => {
    throw new Error("enough");
  };
  await assert.rejects(calibrateSigmoids([scores], [signs], aborted), /enough/);
});
