import type { ReadyGroup } from "../personalize/dataset-group.ts";
import type { ExportedDatasets } from "../personalize/export-datasets.ts";
import type { Solution } from "../personalize/solutions.ts";
import type { Run } from "../runs/run.ts";
import type { Judgement } from "./judgement.ts";

/** `production`: the group whose campaigns answer. `judgement`: a twin that never sees the hold-out, in which versions are compared. */
export type Target = "production" | "judgement";

/** What the steps of a training have come to in one of the groups. */
export interface TargetState {
  readonly roleArn?: string;
  readonly group?: ReadyGroup;
  readonly exported?: ExportedDatasets;
  readonly imports?: readonly string[];
  readonly versions?: Readonly<Partial<Record<Solution, string>>>;
}

/** What the steps of a training have come to. */
export interface TrainingState {
  readonly trainingMode: "FULL" | "UPDATE";
  readonly solutions: readonly Solution[];
  /** The steps in their order. */
  readonly plan: readonly string[];
  /** Newest order that is trained on; judged on what is after `heldOutFrom`. */
  readonly through: string;
  readonly heldOutFrom: string;
  readonly targets: Readonly<Record<Target, TargetState>>;
  /** Batch jobs of the judging, by name: the candidate's and the live twin's. */
  readonly jobs?: Readonly<Record<string, string>>;
  readonly judgements?: Readonly<Partial<Record<Solution, Judgement>>>;
  readonly campaigns?: Readonly<Partial<Record<Solution, string>>>;
}

export type TrainingRun = Run<TrainingState>;

/** What a step has come to: the state after it, and whether it is over; one that is not is taken again a little later. */
export interface StepResult {
  readonly state: TrainingState;
  readonly isOver: boolean;
}
