import assert from "node:assert/strict";
import { test } from "node:test";
import { createGroupWork } from "./group-work.ts";

test("items that arrive while a group is under way share the next one", async () => {
  const groups: number[][] = [];
  const first = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const add = createGroupWork<number, number>({
    concurrency: 1,
    maxItems: 3,
    run: async (items) => {
      groups.push([...items]);
      started.resolve();
      if (groups.length === 1) await first.promise;
      return items.map((item) => item * 10);
    },
  });
  const one = add(1);
  await started.promise;
  const others = [2, 3, 4, 5].map(add);
  first.resolve();
  assert.deepEqual(await Promise.all([one, ...others]), [10, 20, 30, 40, 50]);
  assert.deepEqual(groups, [[1], [2, 3, 4], [5]]);
});

test("items of one name keep their order in different groups, and weight bounds a group", async () => {
  const groups: string[][] = [];
  const add = createGroupWork<string, void>({
    concurrency: 1,
    maxItems: 10,
    nameOf: (item) => item[0] ?? "",
    weightOf: (item) => item.length,
    maxWeight: 4,
    run: async (items) => {
      groups.push([...items]);
      return items.map(() => undefined);
    },
  });
  await Promise.all(["a1", "a2", "b1", "c1", "a3", "long-one"].map(add));
  assert.deepEqual(groups, [["a1", "b1"], ["a2", "c1"], ["a3"], ["long-one"]]);
});

test("a bad item fails alone", async () => {
  const add = createGroupWork<number, number>({
    concurrency: 1,
    maxItems: 10,
    run: async (items) => {
      if (items.includes(2)) throw new Error("bad item");
      return items;
    },
  });
  const results = await Promise.allSettled([1, 2, 3].map(add));
  assert.deepEqual(
    results.map((result) => result.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});
