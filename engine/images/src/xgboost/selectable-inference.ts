import { ClientError } from "../client-error.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";

/** What SAGEMAKER_INFERENCE_OUTPUT may name, and what of it each objective has ("XGBoost in detail": AWS's container, serve_utils.py). */
const classification = [
  "predicted_label",
  "labels",
  "probability",
  "probabilities",
  "raw_score",
  "raw_scores",
] as const;
const contents: Readonly<Record<string, readonly string[]>> = {
  "reg:squarederror": ["predicted_score"],
  "reg:logistic": ["predicted_score"],
  "reg:gamma": ["predicted_score"],
  "reg:tweedie": ["predicted_score"],
  "binary:logistic": classification,
  "binary:logitraw": ["predicted_label", "labels", "raw_score", "raw_scores"],
  "binary:hinge": classification,
  "multi:softmax": classification,
  "multi:softprob": classification,
};

/** Says of a row's predictions what was asked for. */
export type SelectContent = (predictions: Float32Array) => RowAnswer;

/** For SAGEMAKER_INFERENCE_OUTPUT, names separated by commas. Throws ClientError for one that the objective has not. */
export function selectContent(selection: string, objective: string, outputs: number): SelectContent {
  const known = contents[objective];
  if (known === undefined)
    throw new ClientError(`SAGEMAKER_INFERENCE_OUTPUT cannot be used with the objective ${objective}.`);
  const names = selection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ClientError(
      `SAGEMAKER_INFERENCE_OUTPUT asks for ${unknown}; the objective ${objective} has ${known.join(", ")}.`,
    );
  }
  const labels = Array.from({ length: Math.max(2, outputs) }, (_, label) => label);
  return (predictions) =>
    Object.fromEntries(names.map((name) => [name, contentOf(name, objective, { predictions, labels })]));
}

interface Row {
  readonly predictions: Float32Array;
  readonly labels: readonly number[];
}

function contentOf(
  name: string,
  objective: string,
  { predictions, labels }: Row,
): number | readonly number[] | Float32Array {
  const score = predictions[0] ?? Number.NaN;
  const isProbabilities = objective === "multi:softprob";
  switch (name) {
    case "predicted_score":
      return score;
    case "predicted_label":
      if (isProbabilities) return predictions.indexOf(Math.max(...predictions));
      if (objective === "binary:logistic") return score > 0.5 ? 1 : 0;
      return objective === "binary:logitraw" ? Number(score > 0) : score;
    case "labels":
      return labels;
    case "probability":
    case "raw_score":
      return isProbabilities ? Math.max(...predictions) : score;
    default:
      return isProbabilities ? predictions : [1 - score, score];
  }
}
