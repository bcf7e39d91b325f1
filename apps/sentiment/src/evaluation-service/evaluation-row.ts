import type { ApplicationContext } from "../application-context.ts";
import { createDocumentTable, type DocumentTable } from "../storage/document-table.ts";

/** A row of the evaluations table. */
export interface EvaluationRow {
  readonly evaluation_id: string;
  /** `gate`: of a candidate, by the pipeline, on the hidden test set. `live`: of the model in service, on recent feedback. */
  readonly kind: "gate" | "live";
  readonly timestamp: string;
  readonly run_id: string;
  /** The model that was judged; null for a candidate that did not get into service. */
  readonly model_version: string | null;
  /** The content of evaluation.json of the pipeline, or of the live evaluation's report. */
  readonly report: unknown;
}

export function evaluationTable({ dynamodb, names }: ApplicationContext): DocumentTable<EvaluationRow> {
  return createDocumentTable({ dynamodb, name: names.tables.evaluations, key: "evaluation_id" });
}
