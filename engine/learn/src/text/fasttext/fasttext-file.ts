import type { EmbeddingBagMemory } from "@rondo/kernels";
import { type EncodedModel, FormatError } from "../../algorithm.ts";
import { ByteReader } from "../byte-reader.ts";
import { Dictionary } from "./fasttext-dictionary.ts";
import { createModel, type FastTextModel } from "./fasttext-model.ts";

/** fastText's `.bin`, version 12 (fasttext 0.2 to 0.9.2): little-endian, matrices as float32 row by row. */
const MAGIC = 793_712_314;
const VERSION = 12;
const SUPERVISED = 3;
const LOSS_CODES = { "hierarchical-softmax": 1, softmax: 3, "one-versus-all": 4 } as const;
const NEGATIVE_SAMPLING = 2;
const HEADER_BYTES = 8 + 12 * 4 + 8 + 12 + 16;
const PIECE_BYTES = 1 << 20;
/**
 * Written for what supervised training does not use: fastText's defaults of window size, negatives, update rate and
 * sampling.
 */
const UNUSED = { ws: 5, neg: 5, lrUpdateRate: 100, t: 1e-4 } as const;

/** The model as fastText's `.bin`, in pieces of about 1 MiB. */
export function* encodeFastText(model: FastTextModel): Generator<Uint8Array> {
  yield encodeHeader(model);
  yield* encodeEntries(model);
  const { bag, vocabulary } = model;
  yield* encodeMatrix(bag, bag.layout.input, vocabulary.words + vocabulary.buckets);
  yield* encodeMatrix(bag, bag.layout.output, vocabulary.labels);
}

function encodeHeader({ settings, vocabulary }: FastTextModel): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  let offset = 0;
  const { words, labels, wordNgrams, buckets, minChar, maxChar } = vocabulary;
  const { dim, epochs, minCount } = settings;
  const head = [MAGIC, VERSION, dim, UNUSED.ws, epochs, minCount, UNUSED.neg, wordNgrams, LOSS_CODES[settings.loss]];
  for (const value of [...head, SUPERVISED, buckets, minChar, maxChar, UNUSED.lrUpdateRate]) {
    offset = bytes.writeInt32LE(value, offset);
  }
  offset = bytes.writeDoubleLE(UNUSED.t, offset);
  for (const value of [words + labels, words, labels]) offset = bytes.writeInt32LE(value, offset);
  offset = bytes.writeBigInt64LE(BigInt(vocabulary.tokens), offset);
  bytes.writeBigInt64LE(-1n, offset);
  return bytes;
}

function* encodeEntries({ vocabulary: { dictionary } }: FastTextModel): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for (let entry = 0; entry < dictionary.size; entry++) {
    const tail = Buffer.alloc(10);
    tail.writeBigInt64LE(BigInt(dictionary.count(entry)), 1);
    tail[9] = dictionary.isLabel(entry) ? 1 : 0;
    pieces.push(dictionary.word(entry), tail);
    size += dictionary.word(entry).length + tail.length;
    if (size > PIECE_BYTES) {
      yield Buffer.concat(pieces);
      pieces = [];
      size = 0;
    }
  }
  yield Buffer.concat(pieces);
}

function* encodeMatrix(bag: EmbeddingBagMemory, address: number, rows: number): Generator<Uint8Array> {
  const { stride } = bag.layout;
  const { dim } = bag.shape;
  const head = Buffer.alloc(17);
  head.writeBigInt64LE(BigInt(rows), 1);
  head.writeBigInt64LE(BigInt(dim), 9);
  yield head;
  const rowsPerPiece = Math.max(1, Math.floor(PIECE_BYTES / (dim * 4)));
  for (let row = 0; row < rows; row += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, rows - row);
    const piece = new Float32Array(count * dim);
    const source = new Float32Array(bag.memory.buffer, address + row * stride * 4, count * stride);
    for (let index = 0; index < count; index++) {
      piece.set(source.subarray(index * stride, index * stride + dim), index * dim);
    }
    yield new Uint8Array(piece.buffer);
  }
}

/** Reads a `.bin` made by fastText or by us, checking each size against the file before anything is allocated. */
export async function decodeFastText(file: EncodedModel): Promise<FastTextModel> {
  const reader = new ByteReader(file);
  await reader.need(HEADER_BYTES);
  const header = decodeHeader(reader);
  const dictionary = await decodeEntries(reader, header);
  const { words, labels, tokens, wordNgrams, buckets, minChar, maxChar, dim, loss, epochs, minCount } = header;
  await startMatrix(reader, words + buckets, dim);
  const vocabulary = { dictionary, words, labels, tokens, wordNgrams, buckets, minChar, maxChar };
  const model = createModel({ dim, loss, epochs, minCount }, vocabulary);
  await decodeMatrix(reader, model.bag, model.bag.layout.input, words + buckets);
  await startMatrix(reader, labels, dim);
  await decodeMatrix(reader, model.bag, model.bag.layout.output, labels);
  if (reader.remaining > 0) throw new FormatError(`The model file has ${reader.remaining} bytes too many.`);
  return model;
}

type Header = ReturnType<typeof decodeHeader>;

function decodeHeader(reader: ByteReader) {
  if (reader.int32() !== MAGIC) throw new FormatError("The file is not a fastText model (.bin).");
  const version = reader.int32();
  if (version !== VERSION) throw new FormatError(`The fastText model has version ${version}; only ${VERSION} is read.`);
  const [dim, , epochs, minCount, , wordNgrams, lossCode, mode, buckets, minChar, maxChar] = reader.int32s(12);
  reader.skip(8);
  const [size, words, labels] = reader.int32s(3);
  const tokens = reader.int64();
  const pruned = reader.int64();
  if (mode !== SUPERVISED) throw new FormatError("The fastText model is not a supervised one.");
  const loss = (Object.keys(LOSS_CODES) as (keyof typeof LOSS_CODES)[]).find((name) => LOSS_CODES[name] === lossCode);
  if (loss === undefined) {
    const name = lossCode === NEGATIVE_SAMPLING ? "negative sampling" : `unknown (${lossCode})`;
    throw new FormatError(`The loss of the fastText model is ${name}, which is not supported.`);
  }
  if (pruned >= 0) throw new FormatError("Quantised fastText models (.ftz) are not supported.");
  const consistent = size === words + labels && words >= 0 && labels > 0 && tokens >= 0;
  const sane = dim > 0 && dim <= 10_000 && wordNgrams >= 1 && buckets >= 0 && minChar >= 0 && maxChar >= 0;
  const hashes = wordNgrams > 1 || maxChar > 0;
  if (!consistent || !sane || (hashes && buckets === 0))
    throw new FormatError("The header of the fastText model is damaged.");
  return { dim, epochs, minCount, wordNgrams, loss, buckets, minChar, maxChar, words, labels, tokens };
}

async function decodeEntries(reader: ByteReader, { words, labels }: Header): Promise<Dictionary> {
  const size = words + labels;
  if (size * 10 > reader.remaining) throw new FormatError("The fastText model is cut off in its dictionary.");
  const entries: { word: Uint8Array; count: number; type: number }[] = [];
  for (let entry = 0; entry < size; entry++) {
    const word = await reader.untilZero();
    await reader.need(9);
    entries.push({ word, count: reader.int64(), type: reader.byte() });
  }
  if (entries.some(({ type }, entry) => type !== (entry < words ? 0 : 1))) {
    throw new FormatError("The dictionary of the fastText model is damaged: labels must follow the words.");
  }
  const dictionary = new Dictionary(commonPrefix(entries.slice(words).map(({ word }) => word)));
  for (const { word, count } of entries) dictionary.set(word, count);
  if (dictionary.size !== size) throw new FormatError("The dictionary of the fastText model has a word twice.");
  return dictionary;
}

/** The file does not say what labels start with: fastText's default, or else what all of them start with. */
function commonPrefix(labels: readonly Uint8Array[]): Uint8Array {
  const usual = Buffer.from("__label__");
  if (labels.every((label) => Buffer.compare(label.subarray(0, usual.length), usual) === 0)) return usual;
  const [first] = labels;
  let length = 0;
  while (length < first.length && labels.every((label) => label[length] === first[length])) length++;
  return first.slice(0, length);
}

async function startMatrix(reader: ByteReader, rows: number, dim: number): Promise<void> {
  await reader.need(17);
  if (reader.byte() !== 0) throw new FormatError("Quantised fastText models (.ftz) are not supported.");
  if (reader.int64() !== rows || reader.int64() !== dim || rows * dim * 4 > reader.remaining) {
    throw new FormatError(`The fastText model is damaged or cut off: a matrix of ${rows} × ${dim} was expected.`);
  }
}

/** Rows that are zero are left alone: the memory is zero already, and untouched pages cost nothing. */
async function decodeMatrix(reader: ByteReader, bag: EmbeddingBagMemory, address: number, rows: number): Promise<void> {
  const { stride } = bag.layout;
  const { dim } = bag.shape;
  const rowsPerPiece = Math.max(1, Math.floor(PIECE_BYTES / (dim * 4)));
  const target = new Float32Array(bag.memory.buffer, address, rows * stride);
  for (let row = 0; row < rows; row += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, rows - row);
    await reader.need(count * dim * 4);
    const values = reader.float32s(count * dim);
    for (let index = 0; index < count; index++) {
      const from = index * dim;
      let column = 0;
      while (column < dim && values[from + column] === 0) column++;
      if (column === dim) continue;
      const embedding = values.subarray(from, from + dim);
      if (!embedding.every(Number.isFinite))
        throw new FormatError("The fastText model holds numbers that are not finite.");
      target.set(embedding, (row + index) * stride);
    }
  }
}
