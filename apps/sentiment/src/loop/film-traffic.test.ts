import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { describeHoldOut } from "../data/hold-out.ts";
import { hashOfText } from "../data/text-hash.ts";
import { normaliseText } from "../normalise-text.ts";
import { readFilmTraffic } from "./film-traffic.ts";

test("no text is in two parts of the traffic or in the hidden test set", async () => {
  const { feedback, rollout, after } = await readFilmTraffic(6_000);
  assert.deepEqual([feedback.length, rollout.length, after.length], [6_000, 500, 1_500]);
  const texts = [...feedback, ...rollout, ...after].map(({ text }) => normaliseText(text));
  assert.equal(new Set(texts).size, texts.length);
  const hidden = new URL("../../Dataset/test_data_hidden.csv", import.meta.url);
  const hashes = new Set(describeHoldOut(await readFile(hidden)).textHashes);
  assert.ok(texts.every((text) => !hashes.has(hashOfText(text))));
});

test("the parts do not depend on how much feedback is wanted, and labels are mixed", async () => {
  const [many, few] = await Promise.all([readFilmTraffic(2_000), readFilmTraffic(100)]);
  assert.deepEqual(few.after, many.after);
  assert.deepEqual(few.feedback, many.feedback.slice(0, 100));
  const positive = few.feedback.filter(({ label }) => label === "positive").length;
  assert.ok(positive > 30 && positive < 70, `${positive} of 100 are positive`);
});
