import type { Session } from "@rondo/sdk";

export const BOOTSTRAP_STEPS = ["prepare", "train", "deploy", "evaluate"] as const;

export type BootstrapStep = (typeof BOOTSTRAP_STEPS)[number];

export interface BootstrapProgress {
  readonly step: BootstrapStep;
  /** Of the step, 0 to 1; 1 exactly once, when the step is done. */
  readonly fraction: number;
  /** What is going on, for people: `45,867 opinions`. */
  readonly detail: string;
}

export type OnProgress = (progress: BootstrapProgress) => void;

/** What every step gets. */
export interface BootstrapContext {
  readonly session: Session;
  readonly endpointName: string;
  /** Name or ARN of the execution role. */
  readonly role: string;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}
