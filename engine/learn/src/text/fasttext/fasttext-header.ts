import { FormatError } from "../../algorithm.ts";
import type { ByteReader } from "../byte-reader.ts";

/** fastText's `.bin` and `.ftz`, version 12 (fasttext 0.2 to 0.9.2): little-endian. */
const MAGIC = 793_712_314;
const VERSION = 12;
const MODE_CODES = { cbow: 1, skipgram: 2, supervised: 3 } as const;
const LOSS_CODES = { "hierarchical-softmax": 1, "negative-sampling": 2, softmax: 3, "one-versus-all": 4 } as const;
/** Far longer n-grams than anybody hashes. */
const MOST_CHARACTERS = 1000;
export const HEADER_BYTES = 8 + 12 * 4 + 8 + 12 + 16;

/** What the file says before its dictionary. */
export interface FastTextHeader {
  readonly mode: keyof typeof MODE_CODES;
  readonly loss: keyof typeof LOSS_CODES;
  readonly dim: number;
  readonly window: number;
  readonly epochs: number;
  readonly minCount: number;
  readonly negatives: number;
  readonly wordNgrams: number;
  readonly buckets: number;
  readonly minChar: number;
  readonly maxChar: number;
  readonly learningRateUpdateRate: number;
  readonly samplingThreshold: number;
  readonly words: number;
  readonly labels: number;
  readonly tokens: number;
  /** Buckets that a pruned model has kept. */
  readonly keptBuckets?: number;
}

export function encodeHeader(header: FastTextHeader): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  let offset = 0;
  const { dim, window, epochs, minCount, negatives, wordNgrams, buckets, minChar, maxChar, words, labels } = header;
  const codes = [LOSS_CODES[header.loss], MODE_CODES[header.mode]];
  const head = [MAGIC, VERSION, dim, window, epochs, minCount, negatives, wordNgrams, ...codes];
  for (const value of [...head, buckets, minChar, maxChar, header.learningRateUpdateRate]) {
    offset = bytes.writeInt32LE(value, offset);
  }
  offset = bytes.writeDoubleLE(header.samplingThreshold, offset);
  for (const value of [words + labels, words, labels]) offset = bytes.writeInt32LE(value, offset);
  offset = bytes.writeBigInt64LE(BigInt(header.tokens), offset);
  bytes.writeBigInt64LE(BigInt(header.keptBuckets ?? -1), offset);
  return bytes;
}

/** Reads the header and checks that its numbers go together. */
export async function decodeHeader(reader: ByteReader): Promise<FastTextHeader> {
  await reader.need(HEADER_BYTES);
  if (reader.int32() !== MAGIC) throw new FormatError("The file is not a fastText model (.bin).");
  const version = reader.int32();
  if (version !== VERSION) throw new FormatError(`The fastText model has version ${version}; only ${VERSION} is read.`);
  const [dim, window, epochs, minCount, negatives, wordNgrams, lossCode, modeCode] = reader.int32s(8);
  const [buckets, minChar, maxChar, learningRateUpdateRate] = reader.int32s(4);
  const samplingThreshold = reader.float64();
  const [size, words, labels] = reader.int32s(3);
  const tokens = reader.int64();
  const kept = reader.int64();
  const mode = nameOf(MODE_CODES, modeCode, "kind");
  const loss = nameOf(LOSS_CODES, lossCode, "loss");
  const consistent = size === words + labels && words >= 0 && labels >= 0 && tokens >= 0;
  const sane = dim > 0 && dim <= 10_000 && wordNgrams >= 1 && buckets >= 0 && minChar >= 0;
  // The n-grams of a long word take as many steps for each of its letters.
  const feasible = maxChar >= 0 && maxChar <= MOST_CHARACTERS;
  const hashes = (mode === "supervised" && wordNgrams > 1) || maxChar > 0;
  if (!consistent || !sane || !feasible || (hashes && buckets === 0) || kept > buckets)
    throw new FormatError("The header of the fastText model is damaged.");
  return {
    mode,
    loss,
    dim,
    window,
    epochs,
    minCount,
    negatives,
    wordNgrams,
    buckets,
    minChar,
    maxChar,
    learningRateUpdateRate,
    samplingThreshold,
    words,
    labels,
    tokens,
    keptBuckets: kept < 0 ? undefined : kept,
  };
}

function nameOf<Codes extends Readonly<Record<string, number>>>(codes: Codes, code: number, what: string): keyof Codes {
  const name = Object.keys(codes).find((candidate) => codes[candidate] === code);
  if (name === undefined) throw new FormatError(`The ${what} of the fastText model is unknown: ${code}.`);
  return name;
}
