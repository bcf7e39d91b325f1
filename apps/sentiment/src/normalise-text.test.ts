import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseText } from "./normalise-text.ts";

test("texts become lower-case tokens with one blank between them", () => {
  assert.equal(normaliseText("  Easy to use,\tLONG battery-life!! "), "easy to use , long battery life ! !");
  assert.equal(normaliseText("Doesn't work (at 3x)."), "doesn't work ( at 3x ) .");
});

test("normalising twice changes nothing", () => {
  const once = normaliseText("Great; but $300?!");
  assert.equal(normaliseText(once), once);
});

test("what the model cannot read is empty", () => {
  for (const text of ["", "   ", "日本語", "$%&"]) assert.equal(normaliseText(text), "");
});
