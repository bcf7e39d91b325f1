import { ClientError } from "../client-error.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";

/** What SAGEMAKER_INFERENCE_OUTPUT may name, and what of it each objective has ("XGBoost in detail": AWS's container, serve_utils.py). */
const scored = ["predicted_label", "labels", "raw_score", "raw_scores"] as const;
const classification = [...scored, "probability", "probabilities"] as const;
const names: readonly string[] = [...classification, "predicted_score"];
const contents: Readonly<Record<string, readonly string[]>> = {
  "reg:squarederror": ["predicted_score"],
  "reg:logistic": ["predicted_score"],
  "reg:gamma": ["predicted_score"],
  "reg:tweedie": ["predicted_score"],
  "binary:logistic": classification,
  "binary:logitraw": scored,
  "binary:hinge": scored,
  "multi:softmax": scored,
  "multi:softprob": classification,
};

/** Says of a row's predictions what was asked for. */
export type SelectContent = (predictions: Float32Array) => RowAnswer;

/** For SAGEMAKER_INFERENCE_OUTPUT, names separated by commas. What the objective has not is NaN, as in AWS's container. Throws ClientError for a name that there is not. */
export function selectContent(selection: string, objective: string, outputs: number): SelectContent {
  const known = contents[objective];
  if (known === undefined)
    throw new ClientError(`SAGEMAKER_INFERENCE_OUTPUT cannot be used with the objective ${objective}.`);
  const selected = selection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const unknown = selected.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ClientError(
      `SAGEMAKER_INFERENCE_OUTPUT asks for ${JSON.stringify(unknown)}; the objective ${objective} has ${known.join(", ")}.`,
    );
  }
  const labels = Array.from({ length: Math.max(2, outputs) }, (_, label) => label);
  const row = (predictions: Float32Array) => (name: string) =>
    [name, known.includes(name) ? contentOf(name, objective, { predictions, labels }) : Number.NaN] as const;
  return (predictions) => Object.fromEntries(selected.map(row(predictions)));
}

/** Labels are whole numbers in Python, but not those that the model itself predicts. */
const predictedAsFloat = new Set(["binary:hinge", "multi:softmax"]);

/** A CSV body as AWS's container writes it: a line for each row, lists as quoted lists of Python; only in batch transform the last line ends. */
export function writeSelection(rows: readonly RowAnswer[], objective: string, isBatch: boolean): string {
  const isWhole = (name: string): boolean =>
    name === "labels" || (name === "predicted_label" && !predictedAsFloat.has(objective));
  const lines = rows.map((row) =>
    Object.entries(row)
      .map(([name, value]) => {
        const write = isWhole(name) ? String : pythonFloat;
        return typeof value === "number" ? write(value) : `"[${Array.from(value, write).join(", ")}]"`;
      })
      .join(","),
  );
  return `${lines.join("\n")}${isBatch ? "\n" : ""}`;
}

/** As Python's `str` has it. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
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
