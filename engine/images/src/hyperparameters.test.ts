import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readHyperparameters } from "./hyperparameters.ts";
import type { HyperparameterDefinition } from "./image.ts";

const definition = (name: string, changes: Partial<HyperparameterDefinition>): HyperparameterDefinition => ({
  name,
  type: "integer",
  required: false,
  tunable: false,
  description: "of this test",
  ...changes,
});
const table = [
  definition("rounds", { required: true, minimum: 1 }),
  definition("eta", { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: "0.3" }),
  definition("booster", { type: "categorical", values: ["tree", "linear"], default: "tree" }),
  definition("note", { type: "text" }),
  definition("rate", { type: "continuous", minimum: 0, values: ["auto"], default: "auto" }),
];

describe("readHyperparameters", () => {
  test("numbers are parsed, defaults filled in, what has none is undefined", () => {
    assert.deepEqual(readHyperparameters(table, { rounds: "10" }), {
      rounds: 10,
      eta: 0.3,
      booster: "tree",
      note: undefined,
      rate: "auto",
    });
    assert.deepEqual(readHyperparameters(table, { rounds: "1", eta: "1e-3", booster: "linear", note: "", rate: "2" }), {
      rounds: 1,
      eta: 0.001,
      booster: "linear",
      note: "",
      rate: 2,
    });
  });

  test("a refusal names the hyperparameter, its value and what is allowed", () => {
    for (const [values, message] of [
      [{}, "Hyperparameter rounds is required."],
      [{ rounds: "0" }, 'Hyperparameter rounds has the value "0"; it must be an integer, at least 1.'],
      [{ rounds: "" }, 'Hyperparameter rounds has the value ""; it must be an integer, at least 1.'],
      [{ rounds: "0x10" }, 'Hyperparameter rounds has the value "0x10"; it must be an integer, at least 1.'],
      [{ rounds: "1", eta: "0" }, 'Hyperparameter eta has the value "0"; it must be a number, above 0 and at most 1.'],
      [
        { rounds: "1", eta: "1e999" },
        'Hyperparameter eta has the value "1e999"; it must be a number, above 0 and at most 1.',
      ],
      [{ rounds: "1", rate: "-1" }, 'Hyperparameter rate has the value "-1"; it must be auto or a number, at least 0.'],
      [
        { rounds: "1", booster: "Tree" },
        'Hyperparameter booster has the value "Tree"; it must be one of tree, linear.',
      ],
      [{ rounds: "1", round: "1" }, "Unknown hyperparameter round. Known are: rounds, eta, booster, note, rate."],
    ] as const) {
      assert.throws(() => readHyperparameters(table, values), { name: "ClientError", message });
    }
  });

  test("what a tuning job adds is passed over", () => {
    assert.equal(readHyperparameters(table, { rounds: "1", _tuning_objective_metric: "x" })["rounds"], 1);
  });
});
