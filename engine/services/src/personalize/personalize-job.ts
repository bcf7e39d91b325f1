import { readFailure } from "@rondo/run";
import type { Caller } from "@rondo/wire";
import type { JobDefinition } from "../jobs/job-definition.ts";
import { type Job, type JobBody, type JobOutcome, newRun } from "../jobs/job-run.ts";
import { randomRunSuffix } from "../jobs/job-run-id.ts";
import { type PersonalizeType, personalizeType } from "./personalize-resource.ts";

/** What the bodies of all of Personalize's jobs have, beside what their Describe shows. */
export interface PersonalizeJobBody extends JobBody {
  /** When its inputs began to be staged, and when it ended, in ISO form. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly failureReason?: string;
}

/** What `createJobKind` needs that is the same for all of Personalize's jobs. */
export type PersonalizeJobDefinition<Body extends PersonalizeJobBody> = Pick<
  JobDefinition<Body>,
  "type" | "word" | "logGroup" | "startedAt" | "enter" | "execution" | "readReport" | "finish"
>;

/** Of a job that is created now. `createId` makes what distinguishes it from an earlier one of the same name; default: random. */
export function newPersonalizeJob(
  name: string,
  { accessKeyId }: Pick<Caller, "accessKeyId">,
  { clock, createId = randomRunSuffix }: { readonly clock: { now(): Date }; readonly createId?: () => string },
): Pick<PersonalizeJobBody, "run" | "LastModifiedTime"> {
  // A solution version's name has a slash, and the run names a directory.
  const run = newRun(`${name.replaceAll("/", "-")}-${createId()}`, accessKeyId);
  return { LastModifiedTime: clock.now().toISOString(), run };
}

/** The part of a job's definition that all of Personalize's jobs have in common; `command` is the program's argument vector. */
export function definePersonalizeJob<Body extends PersonalizeJobBody>(
  type: PersonalizeType,
  command: readonly string[],
): PersonalizeJobDefinition<Body> {
  return {
    type: personalizeType(type),
    word: type,
    logGroup: `/aws/personalize/${type}`,
    startedAt: ({ startedAt }) => startedAt,
    enter: (body, phase, at) => ({
      ...body,
      LastModifiedTime: at.toISOString(),
      ...(phase === "staging" ? { startedAt: at.toISOString() } : {}),
    }),
    execution: () => ({ command, environment: {} }),
    readReport: async (directory) => ({ failure: await readFailure(directory) }),
    finish,
  };
}

/** What the API calls the states of a kind of job. */
export interface JobWords {
  readonly pending: string;
  readonly inProgress: string;
  readonly completed: string;
  readonly failed: string;
}

const CREATION: JobWords = {
  pending: "CREATE PENDING",
  inProgress: "CREATE IN_PROGRESS",
  completed: "ACTIVE",
  failed: "CREATE FAILED",
};

/** The members of every Describe and summary of a job. */
export function describePersonalizeJob(
  job: Job<PersonalizeJobBody>,
  words: JobWords = CREATION,
): {
  readonly status: string;
  readonly creationDateTime: Date;
  readonly lastUpdatedDateTime: Date;
  readonly failureReason: string | undefined;
} {
  const { createdAt, body } = job;
  return {
    status: jobStatus(job, words),
    creationDateTime: createdAt,
    lastUpdatedDateTime: new Date(body.LastModifiedTime),
    failureReason: body.failureReason,
  };
}

/** A job's state in Personalize's words. Only solution versions can be stopped. */
function jobStatus({ status, body }: Job, { pending, inProgress, completed, failed }: JobWords): string {
  if (status === "Completed") return completed;
  if (status === "Failed") return failed;
  if (status === "Stopping") return "CREATE STOPPING";
  if (status === "Stopped") return "CREATE STOPPED";
  return body.run.phase === "starting" ? pending : inProgress;
}

function finish<Body extends PersonalizeJobBody>(body: Body, { failureReason }: JobOutcome, at: Date): Body {
  const reason = failureReason === undefined ? {} : { failureReason: inPersonalizeTerms(failureReason) };
  return { ...body, LastModifiedTime: at.toISOString(), endedAt: at.toISOString(), ...reason };
}

/** What the user can put right is told as Personalize does: without the kind of error and the exit code of SageMaker's jobs. */
function inPersonalizeTerms(failureReason: string): string {
  const [, text = failureReason] = /^ClientError: (.*?)(?:, exit code: \d+)?$/s.exec(failureReason) ?? [];
  return text;
}
