import { DataError, type FitContext } from "../../algorithm.ts";
import { type ParameterValues, resolveParameters } from "../../parameters.ts";
import { createRandom } from "../../random.ts";
import { type EmbeddingMatrix, rowOf } from "./embedding-matrix.ts";
import { readText, type TextChunks } from "./fasttext-corpus.ts";
import { Dictionary, END_OF_LINE } from "./fasttext-dictionary.ts";
import type { Vocabulary } from "./fasttext-line.ts";
import { createModel, type FastTextModel, inputMatrix, outputMatrix } from "./fasttext-model.ts";
import { train } from "./fasttext-training.ts";
import { CENTROIDS, quantise } from "./product-quantiser.ts";
import { dequantise, type QuantisedMatrix } from "./quantised-matrix.ts";

/** fastText's options of `quantize`, with its defaults. */
export const quantisationParameters = {
  /** Words and n-grams to keep, those with the longest embeddings; 0 = all. */
  cutoff: { type: "integer", minimum: 0, maximum: 2_000_000_000, default: 0 },
  /** Learn the embeddings that were kept once more, from the training text (`retrain`, `epoch`, `lr`). */
  retrain: { type: "boolean", default: false },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 5 },
  learningRate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 0.1 },
  /** Keep the embeddings' lengths apart (`qnorm`). */
  quantiseNorms: { type: "boolean", default: false },
  /** Quantise the rows of the labels too (`qout`). */
  quantiseOutput: { type: "boolean", default: false },
  /** Columns that share a code (`dsub`). */
  partWidth: { type: "integer", minimum: 1, maximum: 10_000, default: 2 },
} as const;

/** Of the labels' rows: fastText's. */
const OUTPUT_PART_WIDTH = 2;

/**
 * A smaller model that predicts nearly the same, fastText's `.ftz`: Joulin et al., "FastText.zip: Compressing text
 * classification models" (2016), as fastText 0.9.2 does it. The model given is not changed. The codes depend on the seed
 * only, not on the threads; they are others than fastText's, whose random order differs. Throws DataError for a matrix of
 * less than 256 rows.
 */
export async function quantiseFastText(
  model: FastTextModel,
  parameters: Partial<ParameterValues<typeof quantisationParameters>>,
  data: { readonly train?: TextChunks },
  context: FitContext,
): Promise<FastTextModel> {
  const settings = resolveParameters(quantisationParameters, parameters);
  const { cutoff, retrain, partWidth, quantiseNorms, quantiseOutput } = settings;
  if (model.quantised !== undefined) throw new DataError("The model is quantised already.");
  if (retrain && data.train === undefined)
    throw new DataError("To learn the embeddings once more needs the training text.");
  const cut = cutoff > 0 && cutoff < inputMatrix(model).rows;
  const pruned = cut ? prune(model, selectRows(model, cutoff)) : model;
  if (cut && retrain && data.train !== undefined) await learnAgain(pruned, settings, data.train, context);
  const plan = { width: Math.min(partWidth, model.settings.dim), norms: quantiseNorms };
  const input = await quantiseMatrix(inputMatrix(pruned), plan, context);
  const outputPlan = { width: Math.min(OUTPUT_PART_WIDTH, model.settings.dim), norms: quantiseNorms };
  const output = quantiseOutput ? await quantiseMatrix(outputMatrix(pruned), outputPlan, context) : undefined;
  const result = createModel(pruned.settings, pruned.vocabulary);
  dequantise(input, inputMatrix(result));
  if (output === undefined) copyRows(outputMatrix(pruned), outputMatrix(result));
  else dequantise(output, outputMatrix(result));
  return { ...result, quantised: { input, output } };
}

/** The rows with the longest embeddings: words in the order of their rows, then n-grams by length. The end of a line is always kept. */
function selectRows(model: FastTextModel, cutoff: number): { readonly words: number[]; readonly ngrams: number[] } {
  const { dictionary, words } = model.vocabulary;
  const input = inputMatrix(model);
  const endOfLine = dictionary.findWord(END_OF_LINE);
  const lengths = Float32Array.from({ length: input.rows }, (_, row) =>
    row === endOfLine ? Number.POSITIVE_INFINITY : lengthOf(rowOf(input, row)),
  );
  const rows = Uint32Array.from(lengths.keys()).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const kept = Array.from(rows.subarray(0, cutoff));
  return {
    words: kept.filter((row) => row < words).sort((a, b) => a - b),
    ngrams: kept.filter((row) => row >= words),
  };
}

function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

function prune(model: FastTextModel, kept: { readonly words: number[]; readonly ngrams: number[] }): FastTextModel {
  const { settings, vocabulary } = model;
  const bucketRows = new Int32Array(vocabulary.buckets);
  for (const [place, row] of kept.ngrams.entries()) bucketRows[row - vocabulary.words] = place + 1;
  const labels = Array.from({ length: vocabulary.labels }, (_, label) => vocabulary.words + label);
  const dictionary = keepEntries(vocabulary.dictionary, [...kept.words, ...labels]);
  const pruned: Vocabulary = { ...vocabulary, dictionary, words: kept.words.length, bucketRows };
  const result = createModel(settings, pruned);
  const [from, to] = [inputMatrix(model), inputMatrix(result)];
  for (const [place, row] of [...kept.words, ...kept.ngrams].entries()) rowOf(to, place).set(rowOf(from, row));
  copyRows(outputMatrix(model), outputMatrix(result));
  return result;
}

function keepEntries(dictionary: Dictionary, entries: readonly number[]): Dictionary {
  const kept = new Dictionary(dictionary.labelPrefix);
  for (const entry of entries) kept.set(dictionary.word(entry), dictionary.count(entry));
  return kept;
}

function copyRows(from: EmbeddingMatrix, to: EmbeddingMatrix): void {
  for (let row = 0; row < from.rows; row++) rowOf(to, row).set(rowOf(from, row));
}

/** Trains the kept embeddings from where they are, on one thread, so that the same seed gives the same bytes. */
async function learnAgain(
  model: FastTextModel,
  { epochs, learningRate }: ParameterValues<typeof quantisationParameters>,
  chunks: TextChunks,
  context: FitContext,
): Promise<void> {
  const corpus = await readText(chunks, model.vocabulary, context.signal);
  if (corpus.examples === 0) throw new DataError("The training data has no labelled line.");
  const plan = { epochs, learningRate, learningRateUpdateRate: 100, initialise: false };
  await train({ kind: "classifier", memory: model.bag }, corpus, plan, { ...context, threads: 1 });
}

async function quantiseMatrix(
  matrix: EmbeddingMatrix,
  { width, norms }: { readonly width: number; readonly norms: boolean },
  context: FitContext,
): Promise<QuantisedMatrix> {
  const { rows, dim } = matrix;
  if (rows < CENTROIDS) throw new DataError(`A matrix of ${rows} rows cannot be quantised; it takes ${CENTROIDS}.`);
  const random = createRandom(context.seed);
  const values = new Float32Array(rows * dim);
  const lengths = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const vector = rowOf(matrix, row);
    lengths[row] = lengthOf(vector);
    const scale = norms && lengths[row] > 0 ? lengths[row] : 1;
    for (let column = 0; column < dim; column++) values[row * dim + column] = vector[column] / scale;
  }
  const ofNorms = norms ? await quantise(lengths, { dim: 1, width: 1 }, { random, signal: context.signal }) : undefined;
  const { quantiser, codes } = await quantise(values, { dim, width }, { random, signal: context.signal });
  return { rows, dim, quantiser, codes, norms: ofNorms };
}
