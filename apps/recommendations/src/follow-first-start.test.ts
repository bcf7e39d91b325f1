import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { type FirstStartProgress, followFirstStart } from "./follow-first-start.ts";

/** An API whose runs are another list at each look; the last one stays. */
async function servingRuns(looks: readonly (readonly object[])[]) {
  let look = 0;
  const server = createServer((_request, response) => {
    const runs = looks[Math.min(look, looks.length - 1)];
    look += 1;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ runs }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const run = (kind: string, status: string, step: string, state: object = {}) => ({ kind, status, step, state });
const PLAN = ["export", "train", "deploy", "judge"];

test("loading, training and the first cache from models are followed to their ends; lists without models are not the end", async () => {
  const loaded = run("sample", "Succeeded", "load", { done: 8, orders: 8 });
  const popular = run("batch", "Succeeded", "count", { versions: {} });
  const trained = run("training", "Succeeded", "judge", { plan: PLAN });
  await using api = await servingRuns([
    [],
    [run("sample", "Running", "load", { done: 2, orders: 8 })],
    [popular, run("training", "Running", "train", { plan: PLAN }), loaded],
    [run("batch", "Running", "write", { versions: { user: "v1" } }), trained, popular, loaded],
    [run("batch", "Succeeded", "regions", { versions: { user: "v1" } }), trained, popular, loaded],
  ]);
  const seen: FirstStartProgress[] = [];
  const { signal } = new AbortController();
  assert.equal(await followFirstStart(api.url, { onProgress: (at) => seen.push(at), signal, pollMs: 1 }), true);
  assert.deepEqual(
    seen.map(({ title, fraction, detail }) => `${title} ${fraction} ${detail}`),
    [
      "Load orders 0.25 load",
      "Load orders 1 done",
      "Train recommendations 0.25 train",
      "Train recommendations 1 done",
      "Fill the cache 0.6 write",
      "Fill the cache 1 done",
    ],
  );
});

test("what was done before is not followed, and a failed training ends it", async () => {
  const { signal } = new AbortController();
  const silent = { onProgress: () => assert.fail("nothing is to be shown"), signal, pollMs: 1 };
  const done = [run("batch", "Succeeded", "regions", { versions: { user: "v1" } }), run("training", "Succeeded", "x")];
  await using finished = await servingRuns([done]);
  assert.equal(await followFirstStart(finished.url, silent), false);

  const seen: FirstStartProgress[] = [];
  const failed = { ...run("training", "Failed", "train"), failure_reason: "no bucket" };
  await using broken = await servingRuns([[run("training", "Running", "train", { plan: PLAN })], [failed]]);
  assert.equal(await followFirstStart(broken.url, { ...silent, onProgress: (at) => seen.push(at) }), true);
  assert.equal(seen.at(-1)?.detail, "no bucket");
});
