import type { ResourceKind } from "@rondo/control";
import { readExitMessage, readFailure, stageInputs, writeProcessingConfiguration } from "@rondo/run";
import type { JobDefinition, JobKindDependencies, JobPlace, JobReport } from "../jobs/job-definition.ts";
import { createJobKind, jobCrashPoints } from "../jobs/job-kind.ts";
import { CONTAINER_DIRECTORY, findOutputProblem } from "../jobs/job-locations.ts";
import type { JobOutcome } from "../jobs/job-run.ts";
import { containerProgram } from "./job-program.ts";
import { PROCESSING_JOB, type ProcessingJob, type ProcessingJobBody } from "./processing-job-body.ts";
import { processingJobConfiguration } from "./processing-job-configuration.ts";
import type { ProcessingImages } from "./processing-job-images.ts";
import { createOutputPublisher, outputsOf } from "./processing-job-outputs.ts";
import { stagedInputs } from "./processing-job-paths.ts";

const WORD = "processing-job";

/** Where tests kill the server. */
export const processingJobCrashPoints = jobCrashPoints(WORD);

export interface ProcessingJobKindDependencies extends JobKindDependencies {
  readonly images: ProcessingImages;
}

/** Processing jobs: inputs in, the container's entry point, outputs out. */
export function createProcessingJobKind(dependencies: ProcessingJobKindDependencies): ResourceKind<ProcessingJobBody> {
  return createJobKind(dependencies, defineProcessingJobs(dependencies));
}

function defineProcessingJobs(dependencies: ProcessingJobKindDependencies): JobDefinition<ProcessingJobBody> {
  const { objects, images } = dependencies;
  const outputs = createOutputPublisher(dependencies);

  async function findProblem(job: ProcessingJob): Promise<string | undefined> {
    const image = imageOf(job);
    if (images.find(image) === undefined) {
      return `ClientError: The image ${image} cannot be run here. Known are the script images ${images.known.join(", ")}, from any registry.`;
    }
    if (programOf(job).length === 0) {
      return `ClientError: The image ${image} has no program of its own here: give AppSpecification.ContainerEntrypoint.`;
    }
    for (const { s3Uri } of outputsOf(job)) {
      const problem = await findOutputProblem(objects, job, s3Uri);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  async function stage(job: ProcessingJob, { directory, signal }: JobPlace): Promise<void> {
    const folders = outputsOf(job).map(({ folder }) => folder);
    await writeProcessingConfiguration(directory, { job: processingJobConfiguration(job), folders });
    const inputs = stagedInputs(job.body.ProcessingInputs);
    await stageInputs({ objects, accountId: job.accountId, inputs, directory, signal });
  }

  return {
    type: PROCESSING_JOB,
    word: WORD,
    logGroup: "/aws/sagemaker/ProcessingJobs",
    findProblem,
    startedAt: ({ ProcessingStartTime }) => ProcessingStartTime,
    enter: (body, phase, at) => ({
      ...body,
      LastModifiedTime: at.toISOString(),
      ...(phase === "staging" ? { ProcessingStartTime: at.toISOString() } : {}),
    }),
    stage,
    execution(job) {
      const image = images.find(imageOf(job));
      const command = image?.command(programOf(job)) ?? [];
      return { command, environment: image?.environment ?? {}, mountPath: CONTAINER_DIRECTORY };
    },
    whileRunning: outputs.publishContinuously,
    readReport,
    upload: outputs.upload,
    finish,
  };
}

/** Script images note in `output/failure` why they could not run the program, or how it failed; what the program itself says is worth more. */
async function readReport(directory: string): Promise<JobReport> {
  const message = await readExitMessage(directory);
  return { message, failure: message ?? (await readFailure(directory)) };
}

function imageOf({ body }: ProcessingJob): string {
  return body.AppSpecification?.ImageUri ?? "";
}

function programOf({ body }: ProcessingJob): readonly string[] {
  return containerProgram(body.AppSpecification);
}

function finish(body: ProcessingJobBody, { failureReason }: JobOutcome, now: Date): ProcessingJobBody {
  const time = now.toISOString();
  return {
    ...body,
    LastModifiedTime: time,
    ...(body.ProcessingStartTime === undefined ? {} : { ProcessingEndTime: time }),
    ...(body.run.message === undefined ? {} : { ExitMessage: body.run.message }),
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
  };
}
