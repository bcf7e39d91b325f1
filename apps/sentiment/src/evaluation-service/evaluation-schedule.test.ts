import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../runs/run.ts";
import { readSettings } from "../settings.ts";
import { beginWhenDue } from "./evaluation-schedule.ts";
import type { LiveReport } from "./live-evaluation.ts";

const settings = readSettings({ EVALUATION_INTERVAL_HOURS: "24" });
const NOW = Date.parse("2026-01-10T00:00:00Z");

async function isBegun(latest: Pick<Run<LiveReport>, "timestamp" | "status"> | undefined): Promise<boolean> {
  const begun: Run<LiveReport>[] = [];
  const stored = latest && { run_id: "r", kind: "evaluation" as const, reason: "schedule", ...latest };
  const runner = { latest: async () => stored, begin: async (run: Run<LiveReport>) => void begun.push(run) };
  const answer = await beginWhenDue({ clock: { now: () => new Date(NOW) }, settings }, runner);
  assert.equal(begun.length, answer ? 1 : 0);
  return answer;
}

const hoursAgo = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();

test("an evaluation begins when there was none, or the last one is an interval ago", async () => {
  assert.equal(await isBegun(undefined), true);
  assert.equal(await isBegun({ timestamp: hoursAgo(24), status: "Succeeded" }), true);
  assert.equal(await isBegun({ timestamp: hoursAgo(23.9), status: "Failed" }), false);
});

test("none begins while one runs, however long", async () => {
  assert.equal(await isBegun({ timestamp: hoursAgo(100), status: "Executing" }), false);
});
