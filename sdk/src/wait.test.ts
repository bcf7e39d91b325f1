import assert from "node:assert/strict";
import { test } from "node:test";
import { WaitTimeoutError } from "./errors.ts";
import { type Awaited, waitUntilSettled } from "./wait.ts";

/** A resource whose states are given; each look takes a second of its clock. */
function resourceWith(states: readonly string[]): Awaited<string> & { readonly looks: string[] } {
  const looks: string[] = [];
  return {
    looks,
    resource: "job j",
    describe: async () => {
      const state = states[Math.min(looks.length, states.length - 1)] ?? "";
      looks.push(state);
      return state;
    },
    isSettled: (state) => state === "done",
    clock: { now: () => new Date(looks.length * 1000) },
  };
}

test("waits until the resource has settled and reports every look", async () => {
  const seen: string[] = [];
  const resource = resourceWith(["starting", "running", "done"]);
  const last = await waitUntilSettled(resource, { pollMs: 1, onProgress: (state) => seen.push(state) });
  assert.equal(last, "done");
  assert.deepEqual(seen, ["starting", "running", "done"]);
});

test("what runs after a look runs after the last one too", async () => {
  const resource = resourceWith(["running", "done"]);
  const read: string[] = [];
  const afterLook = async () => void read.push(resource.looks.at(-1) ?? "");
  await waitUntilSettled({ ...resource, afterLook }, { pollMs: 1 });
  assert.deepEqual(read, ["running", "done"]);
});

test("the deadline ends the wait and says that the work goes on", async () => {
  await assert.rejects(waitUntilSettled(resourceWith(["running"]), { pollMs: 1, timeoutMs: 3000 }), (error) => {
    assert.ok(error instanceof WaitTimeoutError);
    assert.match(error.message, /job j was not done after 3 s.*goes on by itself/);
    return true;
  });
});

test("aborting ends the wait at once", async () => {
  const abort = new AbortController();
  const waiting = waitUntilSettled(resourceWith(["running"]), {
    signal: abort.signal,
    pollMs: 60_000,
    onProgress: () => setImmediate(() => abort.abort()),
  });
  await assert.rejects(waiting, { name: "AbortError" });
});
