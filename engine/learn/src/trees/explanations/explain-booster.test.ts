import { describe, test } from "node:test";

import { assertNear } from "../testing/assert-near.ts";
import { readModelFixtures } from "../testing/model-fixtures.ts";
import {
  type Explanations,
  explainApproximately,
  explainContributions,
  explainInteractions,
} from "./explain-booster.ts";

for (const fixture of await readModelFixtures()) {
  describe(`explanations of ${fixture.name}`, () => {
    test("contributions are those of pip's xgboost", () => {
      assertNear(explainContributions(fixture.model, fixture.features).values, fixture.contributions, 1e-5);
    });
    test("they add up to the margin", () =>
      assertNear(sums(explainContributions(fixture.model, fixture.features)), fixture.margins, 2e-6));
    if (fixture.interactions === undefined) return;
    const { interactions, approximations = [] } = fixture;
    test("interactions are those of pip's xgboost, and symmetric", () => {
      const explained = explainInteractions(fixture.model, fixture.features);
      assertNear(explained.values, interactions, 1e-5);
    });
    test("approximations are those of pip's xgboost", () => {
      assertNear(explainApproximately(fixture.model, fixture.features).values, approximations, 1e-5);
    });
  });
}

function sums({ values, width }: Explanations): readonly number[] {
  return Array.from({ length: values.length / width }, (_, item) =>
    values.subarray(item * width, (item + 1) * width).reduce((a, b) => a + b, 0),
  );
}
