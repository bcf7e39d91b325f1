import assert from "node:assert/strict";
import { test } from "node:test";
import { groupCalls, TooManyWaitingError } from "./group-calls.ts";

test("calls that come while a group runs make up the next groups, in their order and of a bounded size", async () => {
  const groups: number[][] = [];
  const first = Promise.withResolvers<void>();
  const double = groupCalls<number, number>(
    async (numbers) => {
      groups.push([...numbers]);
      if (groups.length === 1) await first.promise;
      return numbers.map((number) => 2 * number);
    },
    { most: 3 },
  );
  const calls = [double(1)];
  while (groups.length === 0) await undefined;
  calls.push(...[2, 3, 4, 5].map(double));
  first.resolve();
  assert.deepEqual(await Promise.all(calls), [2, 4, 6, 8, 10]);
  assert.deepEqual(groups, [[1], [2, 3, 4], [5]]);
});

test("a group that is not full waits for more calls, a full one does not", async () => {
  const groups: number[][] = [];
  let gate = Promise.withResolvers<void>();
  const call = groupCalls<number, number>(
    async (numbers) => {
      groups.push([...numbers]);
      return numbers;
    },
    { most: 2, gather: () => gate.promise },
  );
  const early = call(1);
  await undefined;
  const late = call(2);
  assert.deepEqual(groups, []);
  gate.resolve();
  assert.deepEqual(await Promise.all([early, late]), [1, 2]);
  gate = Promise.withResolvers();
  assert.deepEqual(await Promise.all([call(3), call(4)]), [3, 4]);
  assert.deepEqual(groups, [
    [1, 2],
    [3, 4],
  ]);
});

test("a group's failure is the failure of its calls and of no other", async () => {
  const call = groupCalls<string, string>(
    async (texts) => {
      if (texts.includes("bad")) throw new Error("refused");
      return texts;
    },
    { most: 1 },
  );
  const outcomes = await Promise.allSettled(["good", "bad", "fine"].map(call));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});

test("what waits is bounded", async () => {
  const gate = Promise.withResolvers<void>();
  const call = groupCalls<number, number>(
    async (numbers) => {
      await gate.promise;
      return numbers;
    },
    { most: 1, waiting: 2 },
  );
  const taken = [call(1), call(2)];
  await assert.rejects(call(3), TooManyWaitingError);
  gate.resolve();
  assert.deepEqual(await Promise.all(taken), [1, 2]);
});
