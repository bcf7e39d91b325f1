import { DataError } from "../algorithm.ts";
import type { Matrix } from "../table/matrix.ts";

/** Documents as counts of words: of document i the entries `starts[i]` … `starts[i + 1]`, without zeros, words ascending. */
export interface DocumentWords {
  readonly documents: number;
  readonly vocabulary: number;
  readonly starts: Float64Array;
  readonly words: Uint32Array;
  readonly counts: Float32Array;
}

/** The counts of a matrix with a row per document and a column per word. Throws DataError for a negative one. */
export function toDocumentWords(matrix: Matrix): DocumentWords {
  const { rows: documents, columns: vocabulary } = matrix;
  const total = matrix.values.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  const starts = new Float64Array(documents + 1);
  const words = new Uint32Array(total);
  const counts = new Float32Array(total);
  let next = 0;
  for (let document = 0; document < documents; document++) {
    const [from, to] = rowSpan(matrix, document);
    for (let entry = from; entry < to; entry++) {
      const count = matrix.values[entry];
      if (count === 0) continue;
      const word = matrix.kind === "dense" ? entry - from : matrix.columnIndexes[entry];
      if (!(count > 0)) {
        throw new DataError(`Row ${document + 1}, column ${word + 1} is ${count}; counts of words are not negative.`);
      }
      words[next] = word;
      counts[next++] = count;
    }
    starts[document + 1] = next;
  }
  return { documents, vocabulary, starts, words, counts };
}

/** Some of the documents, in the order given. */
export function takeDocuments(given: DocumentWords, indexes: Uint32Array): DocumentWords {
  const starts = new Float64Array(indexes.length + 1);
  for (const [place, document] of indexes.entries()) {
    starts[place + 1] = starts[place] + given.starts[document + 1] - given.starts[document];
  }
  const words = new Uint32Array(starts[indexes.length]);
  const counts = new Float32Array(starts[indexes.length]);
  for (const [place, document] of indexes.entries()) {
    words.set(given.words.subarray(given.starts[document], given.starts[document + 1]), starts[place]);
    counts.set(given.counts.subarray(given.starts[document], given.starts[document + 1]), starts[place]);
  }
  return { documents: indexes.length, vocabulary: given.vocabulary, starts, words, counts };
}

function rowSpan(matrix: Matrix, row: number): readonly [from: number, to: number] {
  if (matrix.kind === "sparse") return [matrix.rowStarts[row], matrix.rowStarts[row + 1]];
  return [row * matrix.columns, (row + 1) * matrix.columns];
}
