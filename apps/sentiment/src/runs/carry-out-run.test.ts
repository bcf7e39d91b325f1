import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOutRun, type RunParts } from "./carry-out-run.ts";
import type { Run } from "./run.ts";

type TestRun = Run<string>;

const ASKED: TestRun = {
  run_id: "r",
  kind: "retraining",
  timestamp: "2026-01-01T00:00:00.000Z",
  status: "Preparing",
  reason: "test",
};

/** Carries the run out and returns what was saved, with the parts that were called. */
async function carryOut(begun: TestRun, overrides: Partial<RunParts<string>> = {}, stopAt?: TestRun["status"]) {
  const calls: string[] = [];
  const saved: TestRun[] = [];
  const faults: unknown[] = [];
  const stopping = new AbortController();
  const parts: RunParts<string> = {
    prepare: async () => ({ data: "s3://data" }),
    start: async () => "arn",
    follow: async (_run, { onStep }) => {
      onStep({ step: "train", fraction: 1, detail: "" });
      return "outcome";
    },
    report: async () => undefined,
    ...overrides,
  };
  const noted = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      (...args: unknown[]) => {
        calls.push(name);
        return (part as (...given: unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  ) as unknown as RunParts<string>;
  await carryOutRun(begun, noted, {
    clock: { now: () => new Date(0) },
    onFault: (error) => faults.push(error),
    onStep: () => undefined,
    signal: stopping.signal,
    retryAfterMs: 1,
    async save(run) {
      saved.push(run);
      if (run.status === stopAt) stopping.abort();
    },
  });
  return { calls, saved, faults, last: saved.at(-1) };
}

test("a run goes through its statuses and is saved at each", async () => {
  const { calls, saved, last } = await carryOut(ASKED);
  assert.deepEqual(calls, ["prepare", "start", "follow", "report"]);
  assert.deepEqual(
    saved.map(({ status }) => status),
    ["Executing", "Executing", "Reporting", "Succeeded"],
  );
  assert.equal(last?.outcome, "outcome");
  assert.equal(last?.finished_at, "1970-01-01T00:00:00.000Z");
});

test("stopped at any status, the run goes on from there and ends the same", async () => {
  for (const status of ["Executing", "Reporting"] as const) {
    const { last: left } = await carryOut(ASKED, {}, status);
    assert.equal(left?.status, status);
    const { last, calls } = await carryOut(left);
    assert.equal(last?.status, "Succeeded");
    assert.equal(last?.outcome, "outcome");
    assert.ok(!calls.includes("prepare"));
  }
});

for (const part of ["prepare", "start", "follow"] as const) {
  test(`what fails in "${part}" is reported and ends the run with the reason`, async () => {
    const { calls, last } = await carryOut(ASKED, { [part]: () => Promise.reject(new Error("too little data")) });
    assert.equal(last?.status, "Failed");
    assert.equal(last?.failure_reason, "too little data");
    assert.equal(calls.at(-1), "report");
  });
}

test("a report that is refused changes nothing of what has been done", async () => {
  const { last, faults } = await carryOut(ASKED, { report: () => Promise.reject(new Error("refused")) });
  assert.equal(last?.status, "Succeeded");
  assert.equal(faults.length, 1);
});

test("what is out of reach is tried again, and no reason to fail", async () => {
  let tries = 0;
  const { last, faults } = await carryOut(ASKED, {
    async start() {
      tries += 1;
      if (tries < 3) throw Object.assign(new Error(""), { code: "ECONNREFUSED" });
      return "arn";
    },
  });
  assert.equal(tries, 3);
  assert.equal(last?.status, "Succeeded");
  assert.deepEqual(faults, []);
});
