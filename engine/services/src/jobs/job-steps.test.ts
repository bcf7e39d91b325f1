import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessingJob, ProcessingJobBody } from "../sagemaker/processing-job-body.ts";
import type { JobKindDependencies } from "./job-definition.ts";
import { newRun } from "./job-run.ts";
import { accompany, type JobStep } from "./job-steps.ts";

const MAX_RUNTIME_SECONDS = 60;
const now = new Date("2026-11-21T12:00:00Z");

/** A job whose time is up in `remainingMs`. */
function runningJob(remainingMs: number, terminatedAt?: string): ProcessingJob {
  const started = new Date(now.getTime() + remainingMs - MAX_RUNTIME_SECONDS * 1000);
  const body = {
    ProcessingStartTime: started.toISOString(),
    StoppingCondition: { MaxRuntimeInSeconds: MAX_RUNTIME_SECONDS },
    run: { ...newRun("job-0123456789ab", "AKID"), phase: "running", terminatedAt },
  };
  return { status: "InProgress", body } as object as ProcessingJob;
}

/** A step of a kind whose work beside the program ends only when it is aborted. */
function hangingStep(signal: AbortSignal) {
  let calls = 0;
  const step = {
    dependencies: { directory: "/jobs", clock: { now: () => now } } as object as JobKindDependencies,
    definition: {
      startedAt: ({ ProcessingStartTime }: ProcessingJobBody) => ProcessingStartTime,
      whileRunning: async (_job: ProcessingJob, place: { readonly signal: AbortSignal }) => {
        calls += 1;
        place.signal.throwIfAborted();
        return await new Promise<never>((_resolve, reject) => {
          place.signal.addEventListener("abort", () => reject(place.signal.reason as Error));
        });
      },
    },
    context: { signal },
  };
  return { step: step as object as JobStep<ProcessingJobBody>, calls: () => calls };
}

test("a continuous upload that hangs is given up when MaxRuntimeInSeconds is over", { timeout: 30_000 }, async () => {
  const { step, calls } = hangingStep(new AbortController().signal);
  const job = runningJob(20);
  // While a timer of AbortSignal's is all that is awaited, Node would leave.
  const alive = setInterval(() => undefined, 1000);
  assert.equal(await accompany(step, job), job.body);
  clearInterval(alive);
  assert.equal(calls(), 1);
});

test("a stop gives it up as well, and a program that was told to end is not kept waiting by another", async () => {
  const stopping = new AbortController();
  const { step, calls } = hangingStep(stopping.signal);
  const accompanied = accompany(step, runningJob(60_000));
  stopping.abort(new Error("the row was changed"));
  await assert.rejects(accompanied, /the row was changed/);
  const job = runningJob(60_000, now.toISOString());
  assert.equal(await accompany(step, job), job.body);
  assert.equal(calls(), 1);
});
