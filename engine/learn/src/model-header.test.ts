import assert from "node:assert/strict";
import { test } from "node:test";
import { readModelHeader } from "./model-header.ts";

const header = readModelHeader({ k: 3, scale: 0.5, exact: true, kind: "flat" });

test("settings come back as they were", () => {
  assert.equal(header.integer("k", 1, 3), 3);
  assert.equal(header.number("scale"), 0.5);
  assert.equal(header.boolean("exact"), true);
  assert.equal(header.text("kind", ["flat", "deep"]), "flat");
});

test("what is not there, or not such, is refused with its name and value", () => {
  const refusal = (message: RegExp) => ({ name: "FormatError", message });
  assert.throws(() => header.integer("k", 4), refusal(/k has the value 3/));
  assert.throws(() => header.integer("scale", 0), refusal(/scale/));
  assert.throws(() => header.integer("toString", 0), refusal(/toString/));
  assert.throws(() => header.number("kind"), refusal(/kind/));
  assert.throws(() => header.boolean("k"), refusal(/k/));
  assert.throws(() => header.text("kind", ["deep"]), refusal(/kind has the value "flat"/));
});
