import assert from "node:assert/strict";
import { test } from "node:test";
import { readChoices } from "./choice-list.ts";

test("the members, each once", () => {
  assert.deepEqual(readChoices("eval_metrics", '["ssd", "msd", "ssd"]', ["msd", "ssd"]), ["ssd", "msd"]);
});

test("what is no list, empty, or has other members is refused with name and value", () => {
  for (const value of ["msd", "[]", '["mse"]', '{"msd":1}', "[1]"]) {
    assert.throws(
      () => readChoices("eval_metrics", value, ["msd", "ssd"]),
      (error) => {
        assert.ok(error instanceof Error && error.name === "ClientError");
        return error.message.includes("eval_metrics") && error.message.includes(JSON.stringify(value));
      },
    );
  }
});
