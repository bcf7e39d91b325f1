import type { ApplicationContext } from "../application-context.ts";
import { createDocumentTable, type DocumentTable } from "../storage/document-table.ts";

export type RunKind = "bootstrap" | "retraining" | "evaluation";

/** `Preparing`: data is brought together. `Executing`: SageMaker works. `Reporting`: it has ended, and verdict and notification follow. */
export type RunStatus = "Preparing" | "Executing" | "Reporting" | "Succeeded" | "Failed";

/** How an execution of the pipeline ended. */
export interface PipelineResult {
  /** Whether the endpoint serves a new model. A model that the gate held back or refused is a success too: the old one stays. */
  readonly is_deployed: boolean;
  readonly decision: "deploy" | "hold" | "refuse";
  /** With the numbers. */
  readonly reason: string;
  readonly endpoint_name: string;
  /** Name of the new model, when it was deployed. */
  readonly model_version?: string;
  /** Its version in the registry, when it was registered. */
  readonly model_package_arn?: string;
  /** S3 URI of evaluation.json. */
  readonly evaluation_uri: string;
}

/** Work of SageMaker's that somebody asked for: a row that its service takes from status to status, also after a restart. */
export interface Run<Outcome = PipelineResult> {
  readonly run_id: string;
  readonly kind: RunKind;
  /** When it was asked for. */
  readonly timestamp: string;
  readonly status: RunStatus;
  readonly reason: string;
  /** Parameters of the pipeline that are not as by default: `AllowOtherLabels`, `Cost` … */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of an evaluation: the model that is judged. */
  readonly model_version?: string;
  /** S3 URI of the data, once it is there. */
  readonly data?: string;
  /** Rows merged, replaced, dropped, exported. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Of the pipeline's execution or the processing job. */
  readonly execution_arn?: string;
  readonly outcome?: Outcome;
  readonly failure_reason?: string;
  readonly finished_at?: string;
}

export function runTable<Outcome>({ dynamodb, names }: ApplicationContext): DocumentTable<Run<Outcome>> {
  return createDocumentTable({ dynamodb, name: names.tables.runs, key: "run_id" });
}

export function isFinished({ status }: Pick<Run, "status">): boolean {
  return status === "Succeeded" || status === "Failed";
}

/** Whether it has yet to do its work: in `Reporting` only its verdict and the news of it are outstanding, which no other run needs to wait for. */
export function isAtWork({ status }: Pick<Run, "status">): boolean {
  return status === "Preparing" || status === "Executing";
}
