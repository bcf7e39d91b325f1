import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Booster, decodeXgboostModel, FormatError, type Matrix, predictBooster } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { LoadedModel, ServingEnvironment } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import type { RowAnswer } from "../tabular/answer-predictions.ts";
import { serveTabular } from "../tabular/serve-tabular.ts";
import { pythonFloat, selectContent, writeSelection } from "./selectable-inference.ts";
import { MODEL_FILE } from "./xgboost-training.ts";

/** Roughly what a node of a tree takes in memory. */
const NODE_BYTES = 40;
/** Objectives whose predictions are classes: models of folds vote. */
const VOTING = new Set(["multi:softmax", "binary:hinge"]);

/**
 * Loads `xgboost-model`, the models of folds (`xgboost-model-0` …), whose mean or vote is the answer, or the only `.json` or `.ubj` file of the directory. Throws ClientError for what is
 * no model.
 */
export async function loadXgboost(modelDirectory: string, environment: ServingEnvironment = {}): Promise<LoadedModel> {
  const names = await findModelFiles(modelDirectory);
  const models = await Promise.all(names.map((name) => readModel(join(modelDirectory, name), name)));
  const [first] = models;
  if (
    first === undefined ||
    models.some((model) => model.columns !== first.columns || model.objective !== first.objective)
  ) {
    throw new ClientError(`The models ${names.join(", ")} do not belong together: their columns or objectives differ.`);
  }
  const selection = environment["SAGEMAKER_INFERENCE_OUTPUT"];
  const toAnswer = selection ? selectContent(selection, first.objective, first.outputs) : scoreOf;
  const isBatch = environment["SAGEMAKER_BATCH"] === "true";
  return serveTabular({
    columns: first.columns,
    formats: ["csv", "libsvm", "recordio-protobuf", "json", "jsonlines"],
    usualAnswers: { csv: "csv", libsvm: "csv", "recordio-protobuf": "csv" },
    writeCsv: (rows) => (selection ? writeSelection(rows, first.objective, isBatch) : writeScores(rows, isBatch)),
    sizeBytes: models.reduce((total, model) => total + sizeOf(model), 0),
    predict: (features) => predict(models, features, toAnswer),
  });
}

async function findModelFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  if (names.includes(MODEL_FILE)) return [MODEL_FILE];
  const folds = names.filter((name) => new RegExp(`^${MODEL_FILE}-\\d+$`).test(name));
  if (folds.length > 0) return folds.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const others = names.filter((name) => /\.(json|ubj)$/.test(name));
  if (others.length === 1) return others;
  throw new ClientError(
    `The model has no file ${MODEL_FILE}; of .json and .ubj files there ${others.length === 0 ? "is none" : "are several"}.`,
  );
}

async function readModel(path: string, name: string): Promise<Booster> {
  const file = await readFile(path);
  return inUserTerms(async () => {
    try {
      return await decodeXgboostModel({ chunks: [file], byteLength: file.length });
    } catch (error) {
      throw error instanceof FormatError ? new ClientError(`${name}: ${error.message}`, { cause: error }) : error;
    }
  });
}

function sizeOf(model: Booster): number {
  if (model.booster === "gblinear") return model.weights.byteLength;
  return model.trees.reduce((total, { leftChildren }) => total + leftChildren.length * NODE_BYTES, 0);
}

function predict(
  models: readonly Booster[],
  features: Matrix,
  toAnswer: (predictions: Float32Array) => RowAnswer,
): readonly RowAnswer[] {
  const all = models.map((model) => predictBooster(model, features));
  const [{ width } = { width: 1 }] = all;
  const values = combine(
    all.map((predictions) => predictions.values),
    VOTING.has(models[0]?.objective ?? ""),
  );
  return Array.from({ length: features.rows }, (_, row) => toAnswer(values.subarray(row * width, (row + 1) * width)));
}

/** The mean; of classes the one that most say, of equally many the lowest. */
function combine(all: readonly Float32Array[], isVote: boolean): Float32Array {
  const [first = new Float32Array()] = all;
  if (all.length === 1) return first;
  return first.map((_, index) => {
    const said = all.map((values) => values[index] ?? Number.NaN);
    if (!isVote) return said.reduce((total, value) => total + value, 0) / said.length;
    const votes = (value: number): number => said.filter((other) => other === value).length;
    return said.toSorted((a, b) => votes(b) - votes(a) || a - b)[0] ?? Number.NaN;
  });
}

function scoreOf(predictions: Float32Array): RowAnswer {
  return { score: predictions.length === 1 ? (predictions[0] ?? Number.NaN) : predictions.slice() };
}

/** AWS's container joins the scores of all rows with commas, scores of classes as Python's lists; in batch transform each row has a line. */
function writeScores(rows: readonly RowAnswer[], isBatch: boolean): string {
  const texts = rows.map(({ score }) =>
    typeof score === "number" ? pythonFloat(score) : `[${Array.from(score ?? [], pythonFloat).join(", ")}]`,
  );
  return isBatch ? texts.map((text) => `${text}\n`).join("") : texts.join(",");
}
