import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryLayout } from "../memory-layout.ts";
import { startKernelThreads } from "./kernel-threads.ts";

const ROWS = 6;
const DIM = 16;

/** Lets each thread fill its own rows of a matrix with random numbers, by a kernel that is there anyway. */
async function fill(threads: number): Promise<Float32Array> {
  const layout = createMemoryLayout();
  const input = layout.take(ROWS * DIM * 4);
  const memory = layout.allocate();
  using team = startKernelThreads({ kernel: "embedding-bag", memory, threads });
  assert.equal(team.count, threads);
  const share = (ROWS * DIM) / threads;
  team.setGlobals({ input, stride: DIM, randomState: 1 });
  assert.deepEqual(
    await team.call("initialise", (thread) => [thread * share, (thread + 1) * share, DIM, 0.5]),
    Array.from({ length: threads }, () => 0),
  );
  return new Float32Array(memory.buffer, input, ROWS * DIM).slice();
}

test("every thread works on the same memory, and the threads of one team serve the next", async () => {
  for (const threads of [1, 2, 3, 2]) {
    const values = await fill(threads);
    assert.ok(values.every((value) => value !== 0 && Math.abs(value) <= 0.5));
    const share = values.length / threads;
    for (let thread = 1; thread < threads; thread += 1) {
      assert.deepEqual(
        values.subarray(thread * share, (thread + 1) * share),
        values.subarray(0, share),
        "the same seed",
      );
    }
  }
});

test("calls that overlap are done one after the other", async () => {
  const memory = createMemoryLayout().allocate();
  using team = startKernelThreads({ kernel: "embedding-bag", memory, threads: 3 });
  const outcomes = await Promise.allSettled([
    team.call("countCorrect", () => [0, 0]),
    team.call("noSuchFunction"),
    team.call("countCorrect", () => [0, 0]),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});

test("what the kernel does not have is an error", async () => {
  const memory = createMemoryLayout().allocate();
  using team = startKernelThreads({ kernel: "embedding-bag", memory, threads: 2 });
  await assert.rejects(team.call("noSuchFunction"), /The kernel has no function noSuchFunction/);
  assert.throws(() => team.setGlobals({ noSuchGlobal: 1 }), /The kernel has no global noSuchGlobal/);
});
