import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  encodeVectors,
  evaluateSimilarity,
  type JudgedPair,
  type WordVectorModel,
  wordsWithVectors,
  wordVectors,
} from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { readSentenceChannel } from "./blazingtext-data.ts";
import { createProgressReport } from "./blazingtext-log.ts";

/** Files of the channels, by name. */
export interface Channels {
  readonly train: readonly string[];
  readonly validation: readonly string[] | undefined;
}

/** What hosting reads: fastText's file, which can make vectors of unknown words. */
export const VECTORS_FILE = "vectors.bin";
/** What other programs read: word2vec's text form. */
const VECTORS_TEXT_FILE = "vectors.txt";
const EVALUATION_FILE = "eval.json";

const modes: Readonly<Record<string, "batch-skipgram" | "skipgram" | "cbow">> = {
  batch_skipgram: "batch-skipgram",
  skipgram: "skipgram",
  cbow: "cbow",
};

/** Learns word vectors and writes `model/vectors.bin`, `vectors.txt` and, where there is something to compare with, `eval.json`. */
export async function trainWordVectors(
  values: HyperparameterValues,
  channels: Channels,
  context: TrainingContext,
): Promise<void> {
  const evaluated = values["evaluation"] === "True" ? channels.validation : undefined;
  const judged = await Promise.all(
    (evaluated ?? []).map(async (file) => [basename(file), await readPairs(file)] as const),
  );
  const model = await fit(values, channels.train, context);
  const { words } = model.vocabulary;
  await saveModel(context.directory, VECTORS_FILE, wordVectors.encode(model));
  const text = encodeVectors(wordsWithVectors(model), words, model.settings.dim);
  await saveModel(context.directory, VECTORS_TEXT_FILE, text);
  if (context.signal.aborted) return;
  if (judged.length > 0) await evaluate(model, judged, context);
  else if (values["evaluation"] === "True") {
    context.log(
      "There is no evaluation: judged word pairs are no part of this image; give them as channel validation.",
    );
  }
}

async function fit(
  values: HyperparameterValues,
  files: readonly string[],
  context: TrainingContext,
): Promise<WordVectorModel> {
  const number = (name: string): number => Number(values[name]);
  const mode = modes[String(values["mode"])];
  const subwords = values["subwords"] === "True";
  if (subwords && mode === "batch-skipgram") {
    throw new ClientError("The hyperparameter subwords is True, but the mode batch_skipgram does not learn subwords.");
  }
  if (subwords && number("min_char") > number("max_char")) {
    throw new ClientError(
      `The hyperparameter min_char (${values["min_char"]}) is above max_char (${values["max_char"]}).`,
    );
  }
  const parameters = {
    mode,
    vectorDim: number("vector_dim"),
    epochs: number("epochs"),
    learningRate: number("learning_rate"),
    minCount: number("min_count"),
    window: number("window_size"),
    negatives: number("negative_samples"),
    samplingThreshold: number("sampling_threshold"),
    batchSize: number("batch_size"),
    minChar: number("min_char"),
    maxChar: subwords ? number("max_char") : 0,
    buckets: number("buckets"),
  };
  const report = createProgressReport(context);
  const { threads, signal } = context;
  const model = await inUserTerms(() =>
    wordVectors.fit(
      parameters,
      { train: readSentenceChannel(files) },
      { seed: 0, threads, stop: signal, onProgress: report.progress },
    ),
  );
  report.finish({ words: model.vocabulary.words });
  return model;
}

/** Pairs as WordSimilarity-353 has them: word, word and judgement, between tabs, commas or blanks; a first line of names and lines with # are skipped. */
async function readPairs(file: string): Promise<JudgedPair[]> {
  const pairs: JudgedPair[] = [];
  for (const [index, line] of (await readFile(file, "utf8")).split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [first, second, judgement] = line.trim().split(/\t|,|\s+/);
    const isPair = first && second && judgement && Number.isFinite(Number(judgement));
    if (isPair) pairs.push({ first, second, judgement: Number(judgement) });
    else if (pairs.length > 0 || index > 0) {
      throw new ClientError(`Line ${index + 1} of ${file} must have two words and how similar they are, a number.`);
    }
  }
  if (pairs.length < 2) throw new ClientError(`The file ${file} of the channel validation has no judged word pairs.`);
  return pairs;
}

/** Logs what BlazingText logs, and writes it to `eval.json`. */
async function evaluate(
  model: WordVectorModel,
  judged: readonly (readonly [string, readonly JudgedPair[]])[],
  { directory, log }: TrainingContext,
): Promise<void> {
  log("Evaluating word embeddings....");
  const reports = judged.map(([name, pairs]) => [name, evaluateSimilarity(model, pairs)] as const);
  const rhos = reports.map(([, { rho }]) => rho).filter(Number.isFinite);
  const files = reports.map(([name, { rho, pairs, notFound }]) => [
    name,
    { not_found: notFound, spearmans_rho: Number.isFinite(rho) ? rho : null, total_pairs: pairs },
  ]);
  const mean = rhos.length === 0 ? null : rhos.reduce((sum, rho) => sum + rho, 0) / rhos.length;
  const text = JSON.stringify({ ...Object.fromEntries(files), mean_rho: mean }, undefined, 4);
  for (const line of text.split("\n")) log(line);
  await mkdir(join(directory, "model"), { recursive: true });
  await writeFile(join(directory, "model", EVALUATION_FILE), text);
}
