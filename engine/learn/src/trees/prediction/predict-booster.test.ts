import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { denseMatrix, sliceRows } from "../../table/matrix.ts";
import { readModelFixtures } from "../testing/model-fixtures.ts";
import { predictBooster } from "./predict-booster.ts";

const fixtures = await readModelFixtures();

describe("models of pip's xgboost predict the same here, within 1e-5 relative", () => {
  for (const { name, model, features, predictions } of fixtures) {
    test(name, () => {
      const { values, rows, width } = predictBooster(model, features);
      assert.equal(rows * width, predictions.length);
      for (const [index, value] of values.entries()) {
        const expected = predictions[index] as number;
        assert.ok(Math.abs(value - expected) <= 1e-5 * Math.abs(expected), `${index}: ${value}, not ${expected}`);
      }
      const single = predictBooster(model, sliceRows(features, 3, 4));
      assert.deepEqual([...single.values], [...values.subarray(3 * width, 4 * width)]);
      assert.throws(() => predictBooster(model, denseMatrix([[1]])), DataError);
    });
  }
});
