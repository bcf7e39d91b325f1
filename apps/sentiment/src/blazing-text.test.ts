import assert from "node:assert/strict";
import { test } from "node:test";
import { classificationDeserializer } from "./blazing-text.ts";

test("BlazingText's answers are read, one per instance", () => {
  const body = '[{"label":["__label__positive"],"prob":[0.98]},{"label":["__label__negative"],"prob":[0.7]}]';
  assert.deepEqual(classificationDeserializer.deserialize(body), [
    { label: "positive", confidence: 0.98 },
    { label: "negative", confidence: 0.7 },
  ]);
});

test("answers of another form are refused", () => {
  for (const body of [
    '{"predictions":[]}',
    '[{"label":["neutral"],"prob":[0.9]}]',
    '[{"label":["__label__positive"]}]',
    "[null]",
  ]) {
    assert.throws(() => classificationDeserializer.deserialize(body), /The endpoint (answered|did not answer)/);
  }
});

test("a confidence that fastText rounds above 1 is 1", () => {
  const body = '[{"label":["__label__positive"],"prob":[1.00001]}]';
  assert.deepEqual(classificationDeserializer.deserialize(body), [{ label: "positive", confidence: 1 }]);
});
