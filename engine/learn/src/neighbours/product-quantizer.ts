import type { DenseRows } from "@rondo/kernels";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { clusterRows, type InvertedLists } from "./inverted-lists.ts";
import type { FoundNeighbours } from "./neighbour-scan.ts";

/** Rows as differences to the center of their list, each in `quantizers` bytes (Jégou, Douze and Schmid 2011, section III). */
export interface ProductQuantizer {
  readonly quantizers: number;
  /** Centers of each quantizer: 256, or fewer where there were fewer rows. */
  readonly codewords: number;
  /** [quantizer][codeword][column of the quantizer] */
  readonly codebooks: Float32Array;
  /** [place in the lists][quantizer] */
  readonly codes: Uint8Array;
}

const CODEWORDS = 256;

/** Learns codebooks from the rows of the lists and encodes them. `quantizers` divides the columns. */
export async function quantizeRows(
  rows: DenseRows,
  lists: InvertedLists,
  quantizers: number,
  context: TableFitContext,
): Promise<ProductQuantizer> {
  const width = rows.columns / quantizers;
  const codewords = Math.min(CODEWORDS, rows.rows);
  const codebooks = new Float32Array(quantizers * codewords * width);
  const codes = new Uint8Array(rows.rows * quantizers);
  for (let quantizer = 0; quantizer < quantizers; quantizer++) {
    const part = residualsOf(rows, lists, { first: quantizer * width, width });
    const share = [quantizer / quantizers, (quantizer + 1) / quantizers] as const;
    const { centers, labels } = await clusterRows(part, codewords, { context, share });
    codebooks.set(centers.values, quantizer * codewords * width);
    for (const [place, label] of labels.entries()) codes[place * quantizers + quantizer] = label;
  }
  return { quantizers, codewords, codebooks, codes };
}

/** Of some columns, what the rows differ from the centers of their lists, in the lists' order. */
function residualsOf(
  { columns, values }: DenseRows,
  { centers, starts, numbers }: InvertedLists,
  { first, width }: { readonly first: number; readonly width: number },
): DenseRows {
  const residuals = new Float32Array(numbers.length * width);
  for (let list = 0; list < centers.rows; list++) {
    for (let place = starts[list]; place < starts[list + 1]; place++) {
      for (let column = 0; column < width; column++) {
        const value = values[numbers[place] * columns + first + column];
        residuals[place * width + column] = value - centers.values[list * columns + first + column];
      }
    }
  }
  return { rows: numbers.length, columns: width, values: residuals };
}

/**
 * The nearest by the distance of a query to a row's code (asymmetric distance, equation 13), out of the lists chosen for each
 * query: their numbers, `probes` for each.
 */
export function findByCodes(
  queries: DenseRows,
  { centers, starts, numbers }: InvertedLists,
  { quantizers, codewords, codebooks, codes }: ProductQuantizer,
  { chosen, probes, neighbours }: { readonly chosen: Int32Array; readonly probes: number; readonly neighbours: number },
): FoundNeighbours {
  const { columns } = queries;
  const width = columns / quantizers;
  const distances = new Float32Array(queries.rows * neighbours).fill(Number.POSITIVE_INFINITY);
  const references = new Int32Array(queries.rows * neighbours).fill(-1);
  const table = new Float32Array(quantizers * codewords);
  const residual = new Float32Array(columns);
  for (let query = 0; query < queries.rows; query++) {
    const insert = createInsertion(distances, references, query * neighbours, neighbours);
    for (let probe = 0; probe < probes; probe++) {
      const list = chosen[query * probes + probe];
      for (let column = 0; column < columns; column++) {
        residual[column] = queries.values[query * columns + column] - centers.values[list * columns + column];
      }
      for (let entry = 0; entry < table.length; entry++) {
        const first = Math.floor(entry / codewords) * width;
        let sum = 0;
        for (let column = 0; column < width; column++) {
          sum += (residual[first + column] - codebooks[entry * width + column]) ** 2;
        }
        table[entry] = sum;
      }
      for (let place = starts[list]; place < starts[list + 1]; place++) {
        let sum = 0;
        for (let quantizer = 0; quantizer < quantizers; quantizer++) {
          sum += table[quantizer * codewords + codes[place * quantizers + quantizer]];
        }
        insert(Math.fround(sum), numbers[place]);
      }
    }
  }
  return { neighbours, distances, references };
}

/** Keeps the nearest of what is inserted in ascending order; of equally near ones the lower number comes first. */
function createInsertion(distances: Float32Array, references: Int32Array, start: number, length: number) {
  const last = start + length - 1;
  return (distance: number, reference: number): void => {
    if (distance > distances[last] || (distance === distances[last] && reference > references[last])) return;
    let place = last;
    while (
      place > start &&
      (distances[place - 1] > distance || (distances[place - 1] === distance && references[place - 1] > reference))
    ) {
      distances[place] = distances[place - 1];
      references[place] = references[place - 1];
      place--;
    }
    distances[place] = distance;
    references[place] = reference;
  };
}
