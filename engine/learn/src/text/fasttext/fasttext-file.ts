import { type EncodedModel, FormatError } from "../../algorithm.ts";
import { ByteReader } from "../byte-reader.ts";
import { checkSize, decodeRows, type EmbeddingMatrix, encodeMatrix } from "./embedding-matrix.ts";
import { decodeBucketRows, decodeEntries, encodeBucketRows, encodeEntries } from "./fasttext-entries.ts";
import { decodeHeader, encodeHeader, type FastTextHeader } from "./fasttext-header.ts";
import type { Vocabulary } from "./fasttext-line.ts";
import { createModel, type FastTextModel, inputMatrix, outputMatrix } from "./fasttext-model.ts";
import { decodeQuantisedMatrix, dequantise, encodeQuantisedMatrix, type QuantisedMatrix } from "./quantised-matrix.ts";

/**
 * Written for what supervised training does not use: fastText's defaults of window size, negatives, update rate and
 * sampling.
 */
const UNUSED = { window: 5, negatives: 5, learningRateUpdateRate: 100, samplingThreshold: 1e-4 } as const;

/** The model as fastText's `.bin`, or as its `.ftz` when it was quantised, in pieces of about 1 MiB. */
export function* encodeFastText(model: FastTextModel): Generator<Uint8Array> {
  const { settings, vocabulary, quantised } = model;
  const { words, labels, tokens, wordNgrams, buckets, bucketRows, minChar, maxChar } = vocabulary;
  const input = inputMatrix(model);
  const keptBuckets = bucketRows === undefined ? undefined : input.rows - words;
  yield encodeHeader({
    mode: "supervised",
    ...UNUSED,
    ...settings,
    keptBuckets,
    words,
    labels,
    tokens,
    wordNgrams,
    buckets,
    minChar,
    maxChar,
  });
  yield* encodeEntries(vocabulary.dictionary, words);
  if (bucketRows !== undefined) yield encodeBucketRows(bucketRows, input.rows - words);
  yield* quantised === undefined ? encodeMatrix(input) : encodeQuantisedMatrix(quantised.input);
  yield* quantised?.output === undefined ? encodeMatrix(outputMatrix(model)) : encodeQuantisedMatrix(quantised.output);
}

/** Reads a `.bin` or `.ftz` made by fastText or by us, checking each size against the file before anything is allocated. */
export async function decodeFastText(file: EncodedModel): Promise<FastTextModel> {
  const reader = new ByteReader(file);
  const header = await decodeHeader(reader);
  if (header.mode !== "supervised") throw new FormatError("The fastText model is not a supervised one.");
  return decodeClassifier(reader, header);
}

/** Reads what follows the header of a supervised model. */
export async function decodeClassifier(reader: ByteReader, header: FastTextHeader): Promise<FastTextModel> {
  const { dim, loss, epochs, minCount, words, labels } = header;
  if (loss === "negative-sampling")
    throw new FormatError("The loss of the fastText model is negative sampling, which is not supported.");
  if (labels === 0) throw new FormatError("The fastText model has no label.");
  const vocabulary = await decodeVocabulary(reader, header);
  const rows = words + (header.keptBuckets ?? header.buckets);
  const create = (): FastTextModel => createModel({ dim, loss, epochs, minCount }, vocabulary);
  const { model, quantised: input } = await decodeInput(reader, { rows, dim }, create);
  const output = await decodeInto(reader, outputMatrix(model));
  if (reader.remaining > 0) throw new FormatError(`The model file has ${reader.remaining} bytes too many.`);
  return input === undefined ? model : { ...model, quantised: { input, output } };
}

/** The dictionary of a file, and which n-grams have a row. */
export async function decodeVocabulary(reader: ByteReader, header: FastTextHeader): Promise<Vocabulary> {
  const { words, labels, tokens, wordNgrams, buckets, keptBuckets, minChar, maxChar } = header;
  const dictionary = await decodeEntries(reader, header);
  const bucketRows = keptBuckets === undefined ? undefined : await decodeBucketRows(reader, keptBuckets, buckets);
  return { dictionary, words, labels, tokens, wordNgrams, buckets, bucketRows, minChar, maxChar };
}

/** The model is made after its largest size was checked against the file. */
async function decodeInput(
  reader: ByteReader,
  size: { readonly rows: number; readonly dim: number },
  create: () => FastTextModel,
): Promise<{ readonly model: FastTextModel; readonly quantised?: QuantisedMatrix }> {
  await reader.need(1);
  if (reader.byte() === 0) {
    await checkSize(reader, size);
    const model = create();
    await decodeRows(reader, inputMatrix(model));
    return { model };
  }
  const quantised = await decodeQuantisedMatrix(reader, size);
  const model = create();
  dequantise(quantised, inputMatrix(model));
  return { model, quantised };
}

async function decodeInto(reader: ByteReader, matrix: EmbeddingMatrix): Promise<QuantisedMatrix | undefined> {
  await reader.need(1);
  if (reader.byte() === 0) {
    await checkSize(reader, matrix);
    await decodeRows(reader, matrix);
    return undefined;
  }
  const quantised = await decodeQuantisedMatrix(reader, matrix);
  dequantise(quantised, matrix);
  return quantised;
}
