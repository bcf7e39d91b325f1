import { allocateWordVectors, type WordVectorMemory, type WordVectorShape } from "@rondo/kernels";
import type { Algorithm, FitContext } from "../../algorithm.ts";
import { ParameterError, type ParameterValues, resolveParameters } from "../../parameters.ts";
import type { EmbeddingMatrix } from "./embedding-matrix.ts";
import type { TextChunks } from "./fasttext-corpus.ts";
import { train } from "./fasttext-training.ts";
import { usefulThreads } from "./useful-threads.ts";
import { buildTables, largestContext, readSentences } from "./word-vectors-corpus.ts";
import { decodeWordVectors, encodeWordVectors } from "./word-vectors-file.ts";
import { type WordVectorModel, wordVector } from "./word-vectors-model.ts";

/** Names are BlazingText's where it has one; defaults are those of fastText, but for the negatives. */
export const wordVectorParameters = {
  /**
   * What predicts what: the context its center (cbow), the center each word of its context (skipgram), or the words of
   * the context their center in batches that share their negatives (batch-skipgram).
   */
  mode: { type: "categorical", values: ["skipgram", "cbow", "batch-skipgram"], default: "skipgram" },
  /** Length of the vectors (`dim`). */
  vectorDim: { type: "integer", minimum: 1, maximum: 10_000, default: 100 },
  epochs: { type: "integer", minimum: 1, maximum: 1_000_000, default: 5 },
  learningRate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 0.05 },
  /** Words after which a thread reports its progress, by which the learning rate falls (`lrUpdateRate`). */
  learningRateUpdateRate: { type: "integer", minimum: 0, maximum: 1e9, default: 100 },
  /** Words seen less often than this are left out. */
  minCount: { type: "integer", minimum: 0, maximum: 1e9, default: 5 },
  /** Words on either side, at most (`ws`): each center draws how many. */
  window: { type: "integer", minimum: 1, maximum: 1000, default: 5 },
  /** Words drawn for each word of a context, which are to be told from it (`neg`). */
  negatives: { type: "integer", minimum: 1, maximum: 1000, default: 5 },
  /** Negatives are drawn by their count to this power: word2vec's 0.75; fastText has 0.5. */
  negativePower: { type: "continuous", minimum: 0, maximum: 2, default: 0.75 },
  /** Occurrences of words more frequent than this share are left out more often (`t`). */
  samplingThreshold: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 1e-4 },
  /** Of batch-skipgram: words of a context that share their negatives, at most. */
  batchSize: { type: "integer", minimum: 1, maximum: 1000, default: 11 },
  /** Lengths of character n-grams (`minn`, `maxn`); maxChar 0 = none. Not with batch-skipgram. */
  minChar: { type: "integer", minimum: 1, maximum: 100, default: 3 },
  maxChar: { type: "integer", minimum: 0, maximum: 100, default: 0 },
  /** Rows that character n-grams are hashed into; none are kept when there are no n-grams. */
  buckets: { type: "integer", minimum: 1, maximum: 2_000_000_000, default: 2_000_000 },
} as const;

export interface WordVectorData {
  /** One sentence a line. */
  readonly train: TextChunks;
}

type Settings = ParameterValues<typeof wordVectorParameters>;

/**
 * Word vectors by negative sampling: Mikolov et al., "Distributed Representations of Words and Phrases and their
 * Compositionality" (2013); character n-grams after Bojanowski et al., "Enriching Word Vectors with Subword Information"
 * (2017), which give words never seen a vector too; batches after Ji, Satish, Li, Dubey, "Parallelizing Word2Vec in
 * Shared and Distributed Memory" (2016). Skipgram and cbow follow fastText 0.9.2: dictionary, schedule, sampling, file.
 *
 * With one thread the same seed gives the same bytes. Several threads write to the same matrices without locks
 * (Hogwild), as in fastText and BlazingText: vectors differ a little from run to run.
 *
 * Predicting gives the vector of a word (UTF-8); zeros for an unknown one without character n-grams.
 */
export const wordVectors: Algorithm<
  typeof wordVectorParameters,
  WordVectorData,
  WordVectorModel,
  Uint8Array,
  Float32Array
> = {
  id: "word-vectors",
  parameters: wordVectorParameters,
  fit,
  predict: (model, words) => words.map((word) => wordVector(model, word)),
  encode: encodeWordVectors,
  decode: decodeWordVectors,
};

async function fit(parameters: object, data: WordVectorData, context: FitContext): Promise<WordVectorModel> {
  const settings = resolveParameters(wordVectorParameters, { ...parameters });
  const { mode, maxChar, minChar, minCount, epochs, learningRate, learningRateUpdateRate } = settings;
  if (mode === "batch-skipgram" && maxChar > 0) {
    throw new ParameterError("maxChar", "Character n-grams are learned by skipgram and cbow, not by batch-skipgram.");
  }
  context.signal?.throwIfAborted();
  const buckets = maxChar > 0 ? settings.buckets : 0;
  const segmentLength = segmentLengthOf(settings);
  const options = { minCount, buckets, minChar, maxChar, segmentLength };
  const { vocabulary, sentences } = await readSentences(data.train, options, context.signal);
  const { words } = vocabulary;
  const threads = usefulThreads(context.threads, epochs * sentences.tokens, TOKENS_PER_THREAD);
  const tables = buildTables(vocabulary, settings);
  const capacity = {
    windowBytes: sentences.segments.reduce((most, { byteLength }) => Math.max(most, byteLength), 0),
    lineWords: sentences.longest,
    features: largestContext(tables, settings.window),
  };
  const shape: WordVectorShape = {
    dim: settings.vectorDim,
    words,
    buckets,
    mode,
    window: settings.window,
    // A single word has nothing that it could be told from.
    negatives: words > 1 ? settings.negatives : 0,
    batchSize: mode === "batch-skipgram" ? settings.batchSize : 0,
  };
  const memory = allocateWordVectors(
    shape,
    tables,
    Array.from({ length: threads }, () => capacity),
  );
  const plan = { epochs, learningRate, learningRateUpdateRate };
  await train({ kind: "word vectors", memory }, sentences, plan, { ...context, threads });
  return { settings: describe(settings), vocabulary, ...matricesOf(memory) };
}

/** Starting a thread costs some 50 ms, in which one thread learns about this many tokens. */
const TOKENS_PER_THREAD = 50_000;

/** Multiplications in a thread's work between two looks whether it should stop: some 20 ms. */
const WORK = 2e7;

/** Int32 of a segment, at least of one line and at most 1 MiB. */
function segmentLengthOf({ vectorDim, window, negatives }: Settings): number {
  const length = Math.floor(WORK / (vectorDim * (window + 1) * (negatives + 1)));
  return Math.min(1 << 18, Math.max(1100, length));
}

/** Batches are a way of learning skipgrams; the file has no word for them. */
function describe(settings: Settings): WordVectorModel["settings"] {
  const { mode, vectorDim, window, epochs, minCount, negatives, learningRateUpdateRate, samplingThreshold } = settings;
  return {
    mode: mode === "cbow" ? "cbow" : "skipgram",
    loss: "negative-sampling",
    dim: vectorDim,
    window,
    epochs,
    minCount,
    negatives,
    learningRateUpdateRate,
    samplingThreshold,
  };
}

function matricesOf({ shape, layout, memory }: WordVectorMemory): Pick<WordVectorModel, "input" | "output"> {
  const matrix = (address: number, rows: number): EmbeddingMatrix => ({
    values: new Float32Array(memory.buffer, address, rows * layout.stride),
    rows,
    dim: shape.dim,
    stride: layout.stride,
  });
  return { input: matrix(layout.input, shape.words + shape.buckets), output: matrix(layout.output, shape.words) };
}
