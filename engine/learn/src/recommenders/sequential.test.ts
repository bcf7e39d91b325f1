import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../algorithm.ts";
import { checkCheckerboard, checkerboard, testRecommender } from "../testing/recommender-suite.ts";
import { createInteractions, type Interactions } from "./interactions.ts";
import { sequential } from "./sequential.ts";

testRecommender({
  recommender: sequential,
  parameters: {},
  interactions: checkerboard,
  check: checkCheckerboard,
});

function oneHistory(length: number): Interactions {
  const items = Uint32Array.from({ length }, (_, event) => event % 50);
  return createInteractions({ users: 1, items: 50, events: { users: new Uint32Array(length), items } });
}

test("more pairs than a kernel holds are refused before they are counted", async () => {
  const fitting = sequential.fit({ window: 1000 }, oneHistory(300_000), { seed: 1, threads: 1 });
  await assert.rejects(fitting, (error) => error instanceof DataError && /take a smaller window/.test(error.message));
});

test("what follows sooner, and forward, speaks louder", async () => {
  const events = { users: Uint32Array.of(0, 0, 0), items: Uint32Array.of(0, 1, 2), times: Float64Array.of(1, 2, 3) };
  const { weights } = await sequential.fit(
    { stepDecay: 0.5, backward: 0.25, sourceDiscount: 0, targetDiscount: 0, lengthDiscount: 0 },
    createInteractions({ users: 1, items: 3, events }),
    { seed: 1, threads: 1 },
  );
  const said = (from: number, to: number): number | undefined => {
    const row = weights.columnIndexes.subarray(weights.starts[from], weights.starts[from + 1]);
    return weights.values[(weights.starts[from] ?? 0) + row.indexOf(to)];
  };
  assert.deepEqual([said(0, 1), said(0, 2), said(1, 2), said(1, 0), said(2, 0)], [1, 0.5, 1, 0.25, 0.125]);
});
