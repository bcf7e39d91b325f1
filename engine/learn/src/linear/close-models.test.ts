import assert from "node:assert/strict";
import { test } from "node:test";
import { closeModels } from "./close-models.ts";

const chosen = { learningRate: 0.1, weightDecay: 0.01, l1: 0 };

test("the chosen values come first, the closest next", () => {
  assert.deepEqual(closeModels(chosen, 1), [chosen]);
  const models = closeModels(chosen, 8);
  assert.deepEqual(models[0], chosen);
  assert.deepEqual(models[1], { ...chosen, weightDecay: 0.1 });
  assert.ok(new Set(models.map(({ weightDecay }) => weightDecay)).size >= 4);
  assert.ok(new Set(models.map(({ learningRate }) => learningRate)).size >= 2);
  assert.equal(new Set(models.map((model) => JSON.stringify(model))).size, 8);
});

test("what is 0 has no neighbours, and more models than combinations repeat them", () => {
  assert.equal(new Set(closeModels({ ...chosen, weightDecay: 0 }, 50).map((model) => JSON.stringify(model))).size, 4);
  assert.ok(closeModels({ ...chosen, l1: 0.1 }, 72).some(({ l1 }) => l1 === 1));
});
