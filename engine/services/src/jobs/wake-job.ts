import { setTimeout as delay } from "node:timers/promises";
import type { Executor } from "@rondo/run";
import type { Resources } from "@rondo/store";
import type { Job, JobBody } from "./job-run.ts";

/** Together less than a poll, after which the job is looked at anyway. */
const WAKE_ATTEMPTS = 20;
const WAKE_RETRY_MS = 25;

export interface WakeDependencies {
  readonly executor: Executor;
  readonly resources: Resources;
  readonly clock: { now(): Date };
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** Makes a job due when its program ends, rather than at the next poll. An accelerator only: nothing is lost when it fails. */
export function createJobWaker({ executor, resources, clock, signal }: WakeDependencies): (job: Job) => void {
  const watched = new Set<string>();

  /** True when the job does not wait, or not any more. */
  async function makeDue(job: Job): Promise<boolean> {
    const current = await resources.find<JobBody>(job, job.type, job.name);
    if (current?.body.run.phase !== "running") return true;
    // The step that still runs is about to write when it wants to be called again.
    if (current.due === null || current.due <= clock.now()) return false;
    return await resources.update(current, { due: "now" }).then(
      () => true,
      () => false,
    );
  }

  async function watch(job: Job): Promise<void> {
    const { handle } = job.body.run;
    if (handle === undefined) return;
    await executor.ended(handle, signal);
    for (let attempt = 0; attempt < WAKE_ATTEMPTS && !signal.aborted; attempt += 1) {
      if (await makeDue(job)) return;
      await delay(WAKE_RETRY_MS, undefined, { ref: false });
    }
  }

  return (job) => {
    const { id } = job.body.run;
    if (watched.has(id)) return;
    watched.add(id);
    watch(job)
      .catch(() => undefined)
      .finally(() => watched.delete(id));
  };
}
