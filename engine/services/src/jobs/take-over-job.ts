import { PLACE_SILENCE_MS, type Resources } from "@rondo/store";
import { failed } from "./job-outcome.ts";
import type { Job, JobBody, JobOutcome } from "./job-run.ts";
import { type JobStep, savePhase } from "./job-steps.ts";

const UNREACHABLE = `InternalServerError: The Rondo that ran the job has not been heard of for ${PLACE_SILENCE_MS / 1000} s, and what the job wrote is on that one's disk. Create the job again.`;

/** Whether the job's directory and program are on the home of another Rondo. */
export function liesElsewhere({ place }: Job, resources: Pick<Resources, "place">): boolean {
  return place !== null && place !== resources.place;
}

/**
 * Goes on with a job of a Rondo that is gone. Inputs are copied anew; a program and what it wrote are out of reach, and starting it again could do twice
 * what it did beyond its directory.
 */
export async function takeOver<Body extends JobBody>(step: JobStep<Body>, job: Job<Body>): Promise<Job<Body>> {
  const { phase } = job.body.run;
  if (phase === "launching" || phase === "running" || phase === "uploading") {
    const outcome: JobOutcome = job.status === "Stopping" ? { result: "Stopped" } : failed(UNREACHABLE);
    return await savePhase(step, job, { phase: "finishing", outcome });
  }
  return await savePhase(step, job, { phase });
}
