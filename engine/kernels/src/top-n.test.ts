import assert from "node:assert/strict";
import { test } from "node:test";
import { randomRows } from "./testing/random-rows.ts";
import { scoreScalar, type TopItems, type TopNProblem, topItems } from "./top-n.ts";
import { rankUsers } from "./top-n.wasm.ts";

/** What the kernel found for each user, as the scalar reference gives it. */
async function ranked(problem: TopNProblem, threads: number): Promise<TopItems[]> {
  const { count, counts, items, scores } = await rankUsers(problem, { threads });
  return Array.from(counts, (length, user) => ({
    items: items.slice(user * count, user * count + length),
    scores: scores.slice(user * count, user * count + length),
  }));
}

function rankedScalar(problem: TopNProblem): TopItems[] {
  const { users, items, count, excluded, allowed } = problem;
  const scores = new Float32Array(items);
  return Array.from({ length: users }, (_, user) => {
    scoreScalar(problem, user, scores);
    const known = excluded?.columnIndexes.subarray(excluded.starts[user], excluded.starts[user + 1]);
    return topItems(scores, { count, ...(known && { excluded: known }), ...(allowed && { allowed }) });
  });
}

function byWeights(users: number, items: number, count: number): TopNProblem {
  const histories = randomRows({ rows: users, columns: items, density: 0.05, seed: users });
  const weights = randomRows({ rows: items, columns: items, density: 0.2, seed: items });
  return { users, items, count, scores: { kind: "weights", histories, weights } };
}

function byFactors(users: number, items: number, count: number): TopNProblem {
  const { values } = randomRows({ rows: users + items, columns: 12, density: 1, seed: 3 });
  const [userFactors, itemFactors] = [values.slice(0, users * 12), values.slice(users * 12)];
  return { users, items, count, scores: { kind: "factors", stride: 12, userFactors, itemFactors } };
}

for (const problem of [
  byWeights(1, 1, 1),
  byWeights(9, 37, 5),
  byWeights(30, 401, 10),
  byFactors(1, 3, 2),
  byFactors(11, 402, 10),
]) {
  const { users, items, scores } = problem;
  test(`the best of ${items} items for ${users} users by ${scores.kind}: as the scalar reference, on any number of threads`, async () => {
    const offsets = Float32Array.from({ length: items }, (_, item) => item / 1e5);
    const excluded = randomRows({ rows: users, columns: items, density: 0.1, seed: 8 });
    const allowed = Uint8Array.from({ length: items }, (_, item) => Number(item % 5 !== 3));
    for (const threads of [1, 2, 3]) {
      assert.deepEqual(await ranked(problem, threads), rankedScalar(problem));
      const restricted = { ...problem, offsets, excluded, allowed };
      assert.deepEqual(await ranked(restricted, threads), rankedScalar(restricted));
    }
  });
}

test("equal scores: the lower item first; fewer items than asked for", () => {
  const { items } = topItems(Float32Array.of(1, 3, 3, Number.NEGATIVE_INFINITY, 2, 3), {
    count: 10,
    excluded: Uint32Array.of(4),
  });
  assert.deepEqual([...items], [1, 2, 5, 0]);
});

test("the best of rising scores, where every one displaces another", async () => {
  const items = 5000;
  const itemFactors = Float32Array.from({ length: items * 4 }, (_, index) => index);
  const scores = { kind: "factors", stride: 4, userFactors: Float32Array.of(1, 0, 0, 0), itemFactors } as const;
  const [best] = await ranked({ users: 1, items, count: 3, scores }, 1);
  assert.deepEqual([...(best?.items ?? [])], [4999, 4998, 4997]);
});
