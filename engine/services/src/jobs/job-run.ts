import type { ExecutionHandle } from "@rondo/run";
import type { Resource } from "@rondo/store";

/** What reconciling a job has to remember. */
export interface JobRun {
  /** Names the job's directory and its execution; unlike the job's name never used twice. */
  readonly id: string;
  readonly phase: "starting" | "staging" | "launching" | "running" | "uploading" | "finishing";
  /** The key pair that created the job. */
  readonly accessKeyId: string;
  readonly logStream?: string;
  readonly handle?: ExecutionHandle;
  /** Bytes of output taken into CloudWatch. */
  readonly outputOffset: number;
  /** Metrics whose regular expressions took too long. */
  readonly tooSlow: readonly string[];
  /** When the program was asked to end, in ISO form, and why. */
  readonly terminatedAt?: string;
  readonly terminatedFor?: "Stopped" | "MaxRuntimeExceeded";
  /** What the program left to say when it ended, where the API shows it. */
  readonly message?: string;
  readonly outcome?: JobOutcome;
}

export interface JobOutcome {
  /** A job whose time was up is Stopped, and says so where the API lets it. */
  readonly result: "Completed" | "Failed" | "Stopped" | "MaxRuntimeExceeded";
  readonly failureReason?: string;
}

/** What the bodies of all jobs have. */
export interface JobBody {
  readonly RoleArn?: string;
  readonly Environment?: Readonly<Record<string, string>>;
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number };
  readonly LastModifiedTime: string;
  readonly run: JobRun;
}

export type Job<Body extends JobBody = JobBody> = Resource<Body>;

/** The run of a job that begins now. */
export function newRun(id: string, accessKeyId: string): JobRun {
  return { id, phase: "starting", accessKeyId, outputOffset: 0, tooSlow: [] };
}
