import assert from "node:assert/strict";
import { test } from "node:test";
import { createInteractions, type Scorer } from "@rondo/learn";
import { openBlend } from "./open-blend.ts";

const histories = createInteractions({
  users: 1,
  items: 4,
  events: { users: Uint32Array.of(0), items: Uint32Array.of(0) },
});

function fixed(...scores: readonly number[]): Scorer {
  return { items: scores.length, score: () => Float32Array.from(scores) };
}

test("components are summed on the scale of their highest scores", () => {
  const blend = openBlend(
    [
      { scorer: fixed(8, 4, 2, 0), weight: 1 },
      { scorer: fixed(0, 0.1, 0, 0.2), weight: 0.5 },
      { scorer: fixed(0, 0, 9, 0), weight: 0 },
    ],
    "kept",
  );
  assert.deepEqual([...blend.score(histories, 0)], [1, 0.75, 0.25, 0.5]);
});

test("what the user knows has no say in the scale and comes last", () => {
  const blend = openBlend([{ scorer: fixed(8, 4, 2, 0), weight: 1 }], "last");
  assert.deepEqual([...blend.score(histories, 0)], [0, 1, 0.5, 0]);
});

test("scores below 0 count by their size", () => {
  const blend = openBlend([{ scorer: fixed(0, -4, -2, -1), weight: 1 }], "kept");
  assert.deepEqual([...blend.score(histories, 0)], [0, -1, -0.5, -0.25]);
});
