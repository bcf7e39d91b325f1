import type { DescribeProcessingJobResponse, DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import { isNotFound, ProcessingJob, type Session, TrainingJob } from "@rondo/sdk";
import { CliError } from "./cli-error.ts";
import { type CliOption, type Invocation, textOption } from "./command.ts";

export const JOB_TYPES = ["training", "processing"] as const;
export type JobType = (typeof JOB_TYPES)[number];

/** The option of every command about jobs: a training job and a processing job may have the same name. */
export const jobTypeOption: CliOption = { flags: "--type <type>", description: `only these: ${JOB_TYPES.join(", ")}` };

export type FoundJob =
  | { readonly type: "training"; readonly job: TrainingJob; readonly description: DescribeTrainingJobResponse }
  | { readonly type: "processing"; readonly job: ProcessingJob; readonly description: DescribeProcessingJobResponse };

/** The types that --type asks for. */
export function readJobTypes(invocation: Invocation): readonly JobType[] {
  const text = textOption(invocation, "type");
  const types = JOB_TYPES.filter((type) => text === undefined || type === text);
  if (types.length > 0) return types;
  throw new CliError("usage", `--type is "${text}". It should be one of ${JOB_TYPES.join(", ")}.`);
}

/** The job of a name, training jobs first; when AWS knows none, an error that names it. */
export async function findJob(name: string, session: Session, invocation: Invocation): Promise<FoundJob> {
  for (const type of readJobTypes(invocation)) {
    try {
      return await describe(name, type, { session, signal: invocation.signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new CliError("notFound", `There is no job ${name}.`, "`rondo jobs` lists them.");
}

async function describe(
  name: string,
  type: JobType,
  { session, signal }: { readonly session: Session; readonly signal: AbortSignal },
): Promise<FoundJob> {
  if (type === "training") {
    const job = new TrainingJob(name, session);
    return { type, job, description: await job.describe(signal) };
  }
  const job = new ProcessingJob(name, session);
  return { type, job, description: await job.describe(signal) };
}

/** The state of a job of either type. */
export function stateOf(found: FoundJob): string | undefined {
  return found.type === "training" ? found.description.TrainingJobStatus : found.description.ProcessingJobStatus;
}
