import assert from "node:assert/strict";
import { test } from "node:test";
import { ShownItems } from "./shown-items.ts";

const items = (...ids: string[]) => ids.map((itemId) => ({ itemId, score: 1 }));

test("the newest answers are remembered, with their first 25 items", () => {
  const shown = new ShownItems(27);
  shown.remember("a", items("i1", "i2"));
  shown.remember("b", items("i3"));
  assert.deepEqual(shown.find("a"), ["i1", "i2"]);
  const many = Array.from({ length: 40 }, (_, at) => `m${at}`);
  shown.remember("c", items(...many));
  assert.equal(shown.find("a"), undefined);
  assert.deepEqual(shown.find("b"), ["i3"]);
  assert.deepEqual(shown.find("c"), many.slice(0, 25));
  assert.equal(shown.find("d"), undefined);
});
