import { FormatError } from "../../algorithm.ts";
import type { ByteReader } from "../byte-reader.ts";
import { Dictionary } from "./fasttext-dictionary.ts";

const PIECE_BYTES = 1 << 20;
/** Each takes 4 bytes of the model's 4 GiB, whether it was kept or not. */
const MOST_BUCKETS = 2 ** 28;

/** The words and labels of a fastText file, each with its count; the first so many are words, whatever they begin with. */
export function* encodeEntries(dictionary: Dictionary, words: number): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for (let entry = 0; entry < dictionary.size; entry++) {
    const tail = Buffer.alloc(10);
    tail.writeBigInt64LE(BigInt(dictionary.count(entry)), 1);
    tail[9] = entry < words ? 0 : 1;
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

export async function decodeEntries(
  reader: ByteReader,
  { words, labels }: { readonly words: number; readonly labels: number },
): Promise<Dictionary> {
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
  const dictionary = new Dictionary(labelPrefixOf(entries.slice(words).map(({ word }) => word)));
  for (const { word, count } of entries) dictionary.set(word, count);
  if (dictionary.size !== size) throw new FormatError("The dictionary of the fastText model has a word twice.");
  return dictionary;
}

/**
 * The file does not say what labels start with: fastText's default, or else what all of them start with, up to its last sign that is no letter
 * or digit. Of `Lsport` and `Lnews` nothing is taken for a prefix: other words begin with L too.
 */
function labelPrefixOf(labels: readonly Uint8Array[]): Uint8Array {
  const usual = Buffer.from("__label__");
  if (labels.every((label) => Buffer.compare(label.subarray(0, usual.length), usual) === 0)) return usual;
  const [first = usual] = labels;
  let length = 0;
  while (length < first.length && labels.every((label) => label[length] === first[length])) length++;
  while (length > 0 && /[\p{L}\p{N}\P{ASCII}]/u.test(String.fromCharCode(first[length - 1]))) length--;
  return length === 0 ? usual : first.slice(0, length);
}

/** Which bucket of a pruned model has which row: pairs of int32. `places`: see `Vocabulary.bucketRows`. */
export function encodeBucketRows(places: Int32Array, kept: number): Uint8Array {
  const bucketOf = new Int32Array(kept);
  for (const [bucket, place] of places.entries()) if (place > 0) bucketOf[place - 1] = bucket;
  const bytes = Buffer.alloc(kept * 8);
  for (const [row, bucket] of bucketOf.entries()) {
    bytes.writeInt32LE(bucket, row * 8);
    bytes.writeInt32LE(row, row * 8 + 4);
  }
  return bytes;
}

export async function decodeBucketRows(reader: ByteReader, kept: number, buckets: number): Promise<Int32Array> {
  if (buckets > MOST_BUCKETS) throw new FormatError(`A pruned fastText model with ${buckets} buckets is not read.`);
  if (kept * 8 > reader.remaining) throw new FormatError("The fastText model is cut off in its list of n-grams.");
  const places = new Int32Array(buckets);
  for (let pair = 0; pair < kept; pair++) {
    await reader.need(8);
    const [bucket, row] = reader.int32s(2);
    if (bucket < 0 || bucket >= buckets || row < 0 || row >= kept || places[bucket] > 0) {
      throw new FormatError("The fastText model's list of n-grams is damaged.");
    }
    places[bucket] = row + 1;
  }
  return places;
}
