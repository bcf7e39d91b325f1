import { DataError } from "../../algorithm.ts";
import { wholeLines } from "../whole-lines.ts";
import { type EmbeddingMatrix, rowOf } from "./embedding-matrix.ts";
import type { TextChunks } from "./fasttext-corpus.ts";

const NEWLINE = 0x0a;
const SPACE = 0x20;
const PIECE_BYTES = 1 << 20;
/** As many as a model may have. */
const MAXIMUM_NUMBERS = 2 ** 30;
/** As of fastText's numbers. */
const SIGNIFICANT_DIGITS = 5;

/** Words and their vectors, in the order of the file. */
export interface NamedVectors {
  readonly dim: number;
  readonly words: readonly Uint8Array[];
  vectorOf(index: number): Float32Array;
}

/**
 * word2vec's text form, which fastText calls `.vec` and BlazingText `vectors.txt`: a line with the number of words and of
 * dimensions, then a line for each word with its numbers.
 */
export function* encodeVectors(
  words: Iterable<readonly [Uint8Array, Float32Array]>,
  count: number,
  dim: number,
): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [Buffer.from(`${count} ${dim}\n`)];
  let size = 0;
  for (const [word, vector] of words) {
    const numbers = Buffer.from(
      ` ${Array.from(vector, (value) => Number(value.toPrecision(SIGNIFICANT_DIGITS))).join(" ")}\n`,
    );
    pieces.push(word, numbers);
    size += word.length + numbers.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  yield Buffer.concat(pieces);
}

/** Reads that form. Throws DataError with the line that is not of it. */
export async function decodeVectors(chunks: TextChunks, signal?: AbortSignal): Promise<NamedVectors> {
  const words: Uint8Array[] = [];
  let matrix: EmbeddingMatrix | undefined;
  for await (const block of wholeLines(chunks)) {
    signal?.throwIfAborted();
    for (const line of linesOf(block)) {
      if (matrix === undefined) {
        matrix = readSize(line);
        continue;
      }
      if (words.length === matrix.rows)
        throw new DataError(`The vectors have more than the ${matrix.rows} lines that their first line says.`);
      words.push(readVector(line, words.length + 2, rowOf(matrix, words.length)));
    }
  }
  if (matrix === undefined) throw new DataError("The vectors are empty.");
  if (words.length < matrix.rows) throw new DataError(`The vectors end after ${words.length} of ${matrix.rows} words.`);
  const all = matrix;
  return { dim: all.dim, words, vectorOf: (index) => rowOf(all, index) };
}

function* linesOf(block: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < block.length; ) {
    const newline = block.indexOf(NEWLINE, start);
    const end = newline < 0 ? block.length : newline;
    yield block.subarray(start, end);
    start = end + 1;
  }
}

function readSize(line: Uint8Array): EmbeddingMatrix {
  const [, rows = 0, dim = 0] =
    /^(\d{1,9}) (\d{1,5})\s*$/.exec(Buffer.from(line).toString("latin1"))?.map(Number) ?? [];
  if (rows * dim > MAXIMUM_NUMBERS) {
    throw new DataError(`The vectors have ${rows} × ${dim} numbers; at most ${MAXIMUM_NUMBERS} are read.`);
  }
  if (rows === 0 || dim === 0 || dim > 10_000) {
    throw new DataError("Line 1 of the vectors must say how many words and dimensions there are: `1000 100`.");
  }
  return { values: new Float32Array(rows * dim), rows, dim, stride: dim };
}

/** Fills the vector and returns its word. */
function readVector(line: Uint8Array, number: number, vector: Float32Array): Uint8Array {
  const end = line.indexOf(SPACE);
  const numbers = Buffer.from(line.subarray(end + 1))
    .toString("latin1")
    .trim()
    .split(/ +/);
  const values = numbers.map(Number);
  if (end <= 0 || values.length !== vector.length || !values.every(Number.isFinite)) {
    throw new DataError(`Line ${number} of the vectors must have a word and ${vector.length} numbers.`);
  }
  vector.set(values);
  return Uint8Array.prototype.slice.call(line, 0, end);
}
