import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { type Accuracy, accuracyOf } from "../gate/scores.ts";
import { normaliseText } from "../normalise-text.ts";
import { type DriftReference, type DriftReport, detectDrift, type RecentFeedback } from "./detect-drift.ts";

/** What recent feedback says of the model in service. A live metric, of a biased sample: it never opens the gate (S-X2). */
export interface FeedbackEvaluation {
  /** Of all feedback on the model's predictions; undefined without any. */
  readonly accuracy: Accuracy | undefined;
  /** Feedback that came without its text: it counts for the accuracy, and nothing can be said of its words. */
  readonly withoutText: number;
  /** Of the feedback with text. */
  readonly drift: DriftReport;
}

/** Rows that are looked at, the first of the file: more would only make the intervals narrower than anybody needs. */
const MOST_ROWS = 500_000;

interface FeedbackRow {
  readonly text: string;
  readonly user_label: string;
  readonly model_prediction: string;
  readonly confidence: string;
}

/** Evaluates a file of the evaluation service's export: CSV with the columns text, user_label, model_prediction, confidence. */
export async function evaluateFeedback(path: string, reference: DriftReference): Promise<FeedbackEvaluation> {
  const rows = createReadStream(path).pipe(parse({ bom: true, columns: true, to: MOST_ROWS }));
  const withText: RecentFeedback[] = [];
  let n = 0;
  let correct = 0;
  for await (const row of rows) {
    const { text, user_label: userLabel, model_prediction: prediction, confidence } = row as FeedbackRow;
    n += 1;
    if (userLabel === prediction) correct += 1;
    const normalised = normaliseText(text);
    if (normalised === "") continue;
    withText.push({
      text: normalised,
      userLabel,
      prediction,
      confidence: confidence === "" ? undefined : Number(confidence),
    });
  }
  return {
    accuracy: n === 0 ? undefined : accuracyOf(correct, n),
    withoutText: n - withText.length,
    drift: detectDrift(withText, reference),
  };
}
