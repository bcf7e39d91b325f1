import type { ExecutionSpecification, FollowDependencies, FollowResult, MetricDefinition } from "@rondo/run";
import type { Objects, Resources } from "@rondo/store";
import type { Job, JobBody, JobOutcome } from "./job-run.ts";

export interface JobKindDependencies extends FollowDependencies {
  readonly resources: Resources;
  readonly objects: Objects;
  /** The directory that holds the jobs' directories. */
  readonly directory: string;
  /** How a job reaches this server: AWS_ENDPOINT_URL and credentials. */
  readonly jobEnvironment: (job: Job) => Promise<Readonly<Record<string, string>>>;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** Where a step of a job works. */
export interface JobPlace {
  /** What stands for the job's `/opt/ml`. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** What distinguishes one kind of job from another. `createJobKind` does the rest. */
export interface JobDefinition<Body extends JobBody> {
  /** As the resource table has it. */
  readonly type: string;
  /** As crash points begin: `training-job`. */
  readonly word: string;
  readonly logGroup: string;
  /** Why the job cannot run here, for its FailureReason; undefined when it can. */
  findProblem(job: Job<Body>): Promise<string | undefined>;
  /** When staging began, in ISO form: MaxRuntimeInSeconds counts from there. */
  startedAt(body: Body): string | undefined;
  /** The body of a job that goes on to the next phase. */
  enter(body: Body, phase: "staging" | "running" | "uploading", at: Date): Body;
  /** Writes the container's configuration and copies its inputs. May be repeated. Throws ClientError for what the user can put right. */
  stage(job: Job<Body>, place: JobPlace): Promise<void>;
  execution(job: Job<Body>, directory: string): Omit<ExecutionSpecification, "id" | "directory">;
  readonly metrics?: JobMetrics<Body>;
  /** Called while the program runs and was not told to end, at most once a poll; aborted when the job's time is up. May be repeated. */
  whileRunning?(job: Job<Body>, place: JobPlace): Promise<Body>;
  /** What the program left to say when it ended. */
  readReport(directory: string): Promise<JobReport>;
  /** Uploads what the program wrote. May be repeated. Throws ClientError for what the user can put right. */
  upload(job: Job<Body>, place: JobPlace): Promise<Body>;
  /** The body of a job that has ended. */
  finish(body: Body, outcome: JobOutcome, at: Date): Body;
}

export interface JobReport {
  /** Shown by the job, however it ended. */
  readonly message?: string | undefined;
  /** Why there is no result, for the FailureReason. */
  readonly failure?: string | undefined;
}

/** What a kind of job reads out of its programs' output. */
export interface JobMetrics<Body extends JobBody> {
  definitions(body: Body): readonly MetricDefinition[];
  dimensions(job: Job<Body>): Readonly<Record<string, string>>;
  /** Notes the last values. */
  note(body: Body, values: FollowResult["values"]): Body;
}
