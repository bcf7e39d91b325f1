import { type EncodedModel, FormatError } from "../../algorithm.ts";
import { ByteReader } from "../byte-reader.ts";
import { checkSize, decodeRows, type EmbeddingMatrix, encodeMatrix } from "./embedding-matrix.ts";
import { encodeEntries } from "./fasttext-entries.ts";
import { decodeClassifier, decodeVocabulary } from "./fasttext-file.ts";
import { decodeHeader, encodeHeader, type FastTextHeader } from "./fasttext-header.ts";
import type { FastTextModel } from "./fasttext-model.ts";
import type { WordVectorModel } from "./word-vectors-model.ts";

/** The model as fastText's `.bin`, in pieces of about 1 MiB. */
export function* encodeWordVectors({ settings, vocabulary, input, output }: WordVectorModel): Generator<Uint8Array> {
  yield encodeHeader({ ...settings, ...vocabulary });
  yield* encodeEntries(vocabulary.dictionary, vocabulary.words);
  yield* encodeMatrix(input);
  yield* encodeMatrix(output);
}

/** Reads a `.bin` of fastText's modes skipgram and cbow, checking each size against the file before anything is allocated. */
export async function decodeWordVectors(file: EncodedModel): Promise<WordVectorModel> {
  const reader = new ByteReader(file);
  const header = await decodeHeader(reader);
  if (header.mode === "supervised") throw new FormatError("The fastText model is a supervised one, not word vectors.");
  return decodeBehindHeader(reader, { ...header, mode: header.mode });
}

/** A fastText file of either kind. */
export type FastTextFile =
  | { readonly kind: "classifier"; readonly model: FastTextModel }
  | { readonly kind: "word vectors"; readonly model: WordVectorModel };

/** Reads a fastText file of either kind. */
export async function decodeFastTextFile(file: EncodedModel): Promise<FastTextFile> {
  const reader = new ByteReader(file);
  const header = await decodeHeader(reader);
  return header.mode === "supervised"
    ? { kind: "classifier", model: await decodeClassifier(reader, header) }
    : { kind: "word vectors", model: await decodeBehindHeader(reader, { ...header, mode: header.mode }) };
}

async function decodeBehindHeader(
  reader: ByteReader,
  header: FastTextHeader & { readonly mode: WordVectorModel["settings"]["mode"] },
): Promise<WordVectorModel> {
  const { mode, loss, dim, window, epochs, minCount, negatives, learningRateUpdateRate, samplingThreshold } = header;
  if (header.keptBuckets !== undefined) throw new FormatError("The fastText model has word vectors that were pruned.");
  const vocabulary = await decodeVocabulary(reader, header);
  const input = await decodeDense(reader, header.words + header.buckets, dim);
  const output = await decodeDense(reader, header.words, dim);
  if (reader.remaining > 0) throw new FormatError(`The model file has ${reader.remaining} bytes too many.`);
  return {
    settings: { mode, loss, dim, window, epochs, minCount, negatives, learningRateUpdateRate, samplingThreshold },
    vocabulary,
    input,
    output,
  };
}

async function decodeDense(reader: ByteReader, rows: number, dim: number): Promise<EmbeddingMatrix> {
  await reader.need(1);
  if (reader.byte() !== 0) throw new FormatError("The fastText model has word vectors that were quantised.");
  await checkSize(reader, { rows, dim });
  const matrix = { values: new Float32Array(rows * dim), rows, dim, stride: dim };
  await decodeRows(reader, matrix);
  return matrix;
}
