import { publishFolder } from "@rondo/run";
import { type Objects, StoreError } from "@rondo/store";
import type { JobPlace } from "../jobs/job-definition.ts";
import { uploadTo } from "../jobs/job-locations.ts";
import type { ProcessingJob, ProcessingJobBody } from "./processing-job-body.ts";
import { type PublishedOutput, publishedOutputs } from "./processing-job-paths.ts";

/** How often the outputs of mode Continuous are looked through. */
const PUBLISH_MS = 5000;

/** The outputs that are uploaded for a job's program. */
export function outputsOf({ body }: ProcessingJob): PublishedOutput[] {
  return publishedOutputs(body.ProcessingOutputConfig?.Outputs);
}

/** Uploads what processing jobs write, while they run and when they have ended. */
export function createOutputPublisher(dependencies: { readonly objects: Objects; readonly clock: { now(): Date } }) {
  const { objects, clock } = dependencies;

  async function publish(job: ProcessingJob, output: PublishedOutput, place: JobPlace & { readonly since?: string }) {
    const { folder, s3Uri } = output;
    return await publishFolder({ objects, accountId: job.accountId, folder, s3Uri, ...place });
  }

  /** What changed in the outputs of mode Continuous, every few seconds. */
  async function publishContinuously(job: ProcessingJob, place: JobPlace): Promise<ProcessingJobBody> {
    const { body } = job;
    const { publishedAt, published } = body.run;
    const outputs = outputsOf(job).filter(({ isContinuous }) => isContinuous);
    const now = clock.now();
    const isRecent = publishedAt !== undefined && now.getTime() - Date.parse(publishedAt) < PUBLISH_MS;
    if (outputs.length === 0 || isRecent) return body;
    const marks: Record<string, string> = { ...published };
    for (const output of outputs) {
      try {
        marks[output.name] = await publish(job, output, { ...place, since: marks[output.name] });
      } catch (error) {
        // The upload at the end says what is wrong; the program may need none of it.
        if (!(error instanceof StoreError)) throw error;
      }
    }
    return { ...body, run: { ...body.run, publishedAt: now.toISOString(), published: marks } };
  }

  /** Everything of a job that has Completed; of another one the outputs of mode Continuous. */
  async function upload(job: ProcessingJob, place: JobPlace): Promise<ProcessingJobBody> {
    const isComplete = job.body.run.outcome?.result === "Completed";
    for (const output of outputsOf(job)) {
      if (isComplete || output.isContinuous) await uploadTo(output.s3Uri, () => publish(job, output, place));
    }
    return job.body;
  }

  return { publishContinuously, upload };
}
