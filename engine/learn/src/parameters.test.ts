import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ParameterError, resolveParameters } from "./parameters.ts";

const table = {
  depth: { type: "integer", minimum: 1, maximum: 8, default: 6 },
  rate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 0.3 },
  method: { type: "categorical", values: ["exact", "fast"], default: "fast" },
  verbose: { type: "boolean", default: false },
  prefix: { type: "text", default: "__label__" },
} as const;

const refusal = (values: Record<string, unknown>): ParameterError => {
  try {
    resolveParameters(table, values);
  } catch (error) {
    if (error instanceof ParameterError) return error;
  }
  return assert.fail(`${JSON.stringify(values)} was accepted`);
};

describe("resolveParameters", () => {
  test("defaults are filled in, values keep their types", () => {
    const defaults = { depth: 6, rate: 0.3, method: "fast", verbose: false, prefix: "__label__" };
    assert.deepEqual(resolveParameters(table, {}), defaults);
    assert.deepEqual(resolveParameters(table, { depth: 1, method: "exact" }), {
      ...defaults,
      depth: 1,
      method: "exact",
    });
    assert.deepEqual(resolveParameters(table, { depth: undefined }), defaults);
  });

  test("a number without a default may stay away, but not be outside its range", () => {
    const open = { factor: { type: "continuous", minimum: 0, maximum: 1 } } as const;
    assert.deepEqual(resolveParameters(open, {}), { factor: undefined });
    assert.deepEqual(resolveParameters(open, { factor: 0.5 }), { factor: 0.5 });
    assert.throws(() => resolveParameters(open, { factor: 2 }), ParameterError);
  });

  test("the ends of a range belong to it, but for an exclusive minimum", () => {
    for (const depth of [1, 8]) assert.equal(resolveParameters(table, { depth }).depth, depth);
    assert.equal(resolveParameters(table, { rate: 1 }).rate, 1);
    assert.equal(refusal({ rate: 0 }).message, "Parameter rate must be a number above 0 and at most 1, not 0.");
  });

  test("a refusal names the parameter, what it must be and what it is", () => {
    for (const [values, message] of [
      [{ depth: 9 }, "Parameter depth must be an integer of at least 1 and at most 8, not 9."],
      [{ depth: "6" }, 'Parameter depth must be an integer of at least 1 and at most 8, not "6".'],
      [{ method: "slow" }, 'Parameter method must be one of exact, fast, not "slow".'],
      [{ verbose: 0 }, "Parameter verbose must be true or false, not 0."],
      [{ prefix: "" }, 'Parameter prefix must be a text that is not empty, not "".'],
      [{ deep: 1 }, "Unknown parameter deep."],
      [{ toString: 1 }, "Unknown parameter toString."],
    ] as const) {
      assert.equal(refusal(values).message, message);
      assert.equal(refusal(values).parameter, Object.keys(values)[0]);
    }
  });
});
