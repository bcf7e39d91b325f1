import { type EncodedModel, FormatError } from "../../algorithm.ts";
import { ByteReader } from "../byte-reader.ts";
import { HashedLexicon } from "./hashed-lexicon.ts";
import { type FileHeader, headerOf, readHeader } from "./text-classifier-header.ts";
import { createModel, type TextClassifierModel } from "./text-classifier-model.ts";
import { TOKENIZER_VERSION } from "./tokenizer.ts";
import { NOTHING, Vocabulary } from "./vocabulary.ts";

/**
 * The file, all numbers little-endian: `RONDOTXT`, uint32 version, uint32 length of a JSON header (text-classifier-header.ts),
 * the header; per word its UTF-8 length and bytes; per longer n-gram its number − its prefix's number, and its last word's
 * number or its last character's code unit; per feature the texts that it is in (lengths and numbers as LEB128); the weights,
 * feature after feature, as float32, or as int16 after one float32 per output by which they are multiplied.
 */
const MAGIC = Buffer.from("RONDOTXT");
const VERSION = 1;
const MOST_HEADER_BYTES = 64 * 1024 ** 2;
const PIECE_BYTES = 1 << 20;
const MOST_INT16 = 32_767;

export function* encodeTextClassifier(model: TextClassifierModel): Generator<Uint8Array> {
  const header = Buffer.from(JSON.stringify(headerOf(model)));
  const start = Buffer.alloc(16);
  MAGIC.copy(start);
  start.writeUInt32LE(VERSION, 8);
  start.writeUInt32LE(header.length, 12);
  yield Buffer.concat([start, header]);
  yield* inPieces(dictionaryOf(model));
  yield* encodeWeights(model);
}

function* dictionaryOf({ lexicon, frequencies }: TextClassifierModel): Generator<number | Uint8Array> {
  if (lexicon instanceof Vocabulary) {
    for (const word of lexicon.words.keys()) {
      const bytes = Buffer.from(word);
      yield bytes.length;
      yield bytes;
    }
    const { prefixes, symbols } = lexicon.parts();
    for (let number = lexicon.words.size; number < lexicon.size; number++) {
      yield number - prefixes[number];
      yield symbols[number];
    }
  }
  yield* frequencies;
}

/** Numbers as LEB128, bytes as they are. */
function* inPieces(items: Iterable<number | Uint8Array>): Generator<Uint8Array> {
  let piece = Buffer.alloc(PIECE_BYTES);
  let length = 0;
  for (const item of items) {
    const needed = typeof item === "number" ? 5 : item.length;
    if (length + needed > piece.length) {
      yield piece.subarray(0, length);
      piece = Buffer.alloc(Math.max(PIECE_BYTES, needed));
      length = 0;
    }
    if (typeof item === "number") {
      let rest = item;
      for (; rest > 127; rest >>>= 7) piece[length++] = (rest & 127) | 128;
      piece[length++] = rest;
    } else {
      piece.set(item, length);
      length += item.length;
    }
  }
  yield piece.subarray(0, length);
}

function* encodeWeights({ weights, outputs, weightBits }: TextClassifierModel): Generator<Uint8Array> {
  if (weightBits === "32") {
    yield new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
    return;
  }
  const scales = new Float32Array(outputs);
  for (const [index, weight] of weights.entries()) {
    scales[index % outputs] = Math.max(scales[index % outputs], Math.abs(weight) / MOST_INT16);
  }
  yield new Uint8Array(scales.buffer);
  const rounded = Int16Array.from(weights, (weight, index) => {
    const scale = scales[index % outputs];
    return scale === 0 ? 0 : Math.max(-MOST_INT16, Math.min(MOST_INT16, Math.round(weight / scale)));
  });
  yield new Uint8Array(rounded.buffer);
}

/** Throws FormatError for other files, damaged ones, and those that another version's tokenizer made. */
export async function decodeTextClassifier(file: EncodedModel): Promise<TextClassifierModel> {
  const reader = new ByteReader(file);
  if (file.byteLength < 16) throw new FormatError("The model file is cut off.");
  await reader.need(16);
  for (const byte of MAGIC) if (reader.byte() !== byte) throw new FormatError("This is no text classifier's file.");
  const version = reader.int32();
  if (version !== VERSION) throw new FormatError(`The text classifier's file has version ${version}, not ${VERSION}.`);
  const length = reader.int32();
  if (length < 2 || length > Math.min(MOST_HEADER_BYTES, reader.remaining)) {
    throw new FormatError("The header of the model file is damaged or cut off.");
  }
  await reader.need(length);
  const header = readHeader(Buffer.from(Array.from({ length }, () => reader.byte())).toString());
  if (header.tokenizer !== TOKENIZER_VERSION) {
    throw new FormatError(
      `The model reads texts by version ${header.tokenizer} of the tokenizer, this program by ${TOKENIZER_VERSION}: train it anew.`,
    );
  }
  // Every word and n-gram takes two bytes at least, every frequency one: no more is allocated than the file can fill.
  const outputs = header.biases.length;
  const weightBytes = header.features * outputs * (header.weightBits === "32" ? 4 : 2);
  if (header.features + header.words + weightBytes > reader.remaining + 1) {
    throw new FormatError("The model file is cut off.");
  }
  const lexicon = await readLexicon(reader, header);
  const frequencies = new Uint32Array(header.features);
  for (let feature = 0; feature < header.features; feature++) frequencies[feature] = await readNumber(reader);
  const weights = await readWeights(reader, header);
  if (!weights.every(Number.isFinite)) throw new FormatError("A weight of the model file is not finite.");
  if (reader.remaining !== 0) throw new FormatError("The model file is longer than its header says.");
  return createModel({
    ...header,
    lexicon,
    frequencies,
    weights,
    biases: Float64Array.from(header.biases),
    calibration: {
      slopes: Float64Array.from(header.calibration.slopes),
      intercepts: Float64Array.from(header.calibration.intercepts),
    },
    thresholds: { common: header.thresholds.common, perLabel: Float64Array.from(header.thresholds.perLabel) },
  });
}

async function readLexicon(reader: ByteReader, header: FileHeader): Promise<Vocabulary | HashedLexicon> {
  const { lengths, words, features, buckets } = header;
  if (buckets > 0) {
    if (features !== (lengths.maxChar > 0 ? 2 : 1) * buckets) {
      throw new FormatError("The number of features does not fit the number of buckets.");
    }
    return new HashedLexicon(lengths, buckets);
  }
  const vocabulary = new Vocabulary(lengths, Math.max(1024, features));
  for (let word = 0; word < words; word++) {
    const length = await readNumber(reader);
    if (length === 0 || length > reader.remaining) throw new FormatError("A word of the model file is damaged.");
    await reader.need(length);
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index++) bytes[index] = reader.byte();
    vocabulary.addWord(bytes.toString());
  }
  if (vocabulary.words.size !== words) throw new FormatError("A word of the model file is there twice.");
  for (let number = words; number < features; number++) {
    const prefix = number - (await readNumber(reader));
    const symbol = await readNumber(reader);
    if (prefix < NOTHING || prefix >= number || vocabulary.longer(prefix, symbol) !== number) {
      throw new FormatError("An n-gram of the model file is damaged.");
    }
  }
  vocabulary.freeze();
  return vocabulary;
}

async function readNumber(reader: ByteReader): Promise<number> {
  let value = 0;
  for (let factor = 1; factor < 2 ** 35; factor *= 128) {
    await reader.need(1);
    const byte = reader.byte();
    value += (byte & 127) * factor;
    if (byte < 128) {
      if (value > 0x7fffffff) break;
      return value;
    }
  }
  throw new FormatError("A number of the model file is damaged.");
}

async function readWeights(reader: ByteReader, { features, biases, weightBits }: FileHeader): Promise<Float32Array> {
  const outputs = biases.length;
  if (weightBits === "32") {
    await reader.need(features * outputs * 4);
    return reader.float32s(features * outputs);
  }
  await reader.need(outputs * 4 + features * outputs * 2);
  const scales = reader.float32s(outputs);
  const weights = new Float32Array(features * outputs);
  for (let index = 0; index < weights.length; index++) {
    const [low, high] = [reader.byte(), reader.byte()];
    weights[index] = (((low | (high << 8)) << 16) >> 16) * scales[index % outputs];
  }
  return weights;
}
