import type { DenseRows } from "@rondo/kernels";
import { ParameterError } from "../parameters.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { divideRows, type InvertedLists } from "./inverted-lists.ts";
import type { NearestNeighboursValues } from "./nearest-neighbours-parameters.ts";
import { createNeighbourScan, type FoundNeighbours } from "./neighbour-scan.ts";
import { findByCodes, type ProductQuantizer, quantizeRows } from "./product-quantizer.ts";

/** What is searched. Rows are numbered from 0 in the order in which they were kept. */
export type NeighbourIndex =
  | { readonly kind: "flat"; readonly rows: DenseRows }
  /** `rows` in the order of the lists. */
  | { readonly kind: "ivf-flat"; readonly rows: DenseRows; readonly lists: InvertedLists; readonly probes: number }
  | {
      readonly kind: "ivf-pq";
      readonly lists: InvertedLists;
      readonly quantizer: ProductQuantizer;
      readonly probes: number;
    };

/** Throws ParameterError when the quantizers do not divide the columns, or the metric is not that of compressed rows. */
export async function buildIndex(
  rows: DenseRows,
  values: NearestNeighboursValues,
  context: TableFitContext,
): Promise<NeighbourIndex> {
  const { index: kind, metric, quantizers } = values;
  if (kind === "flat") return { kind, rows };
  if (kind === "ivf-pq" && metric !== "l2") {
    throw new ParameterError("metric", `Parameter metric must be l2 with the index ivf-pq, not ${metric}.`);
  }
  if (kind === "ivf-pq" && rows.columns % quantizers !== 0) {
    const message = `Parameter quantizers must divide the ${rows.columns} columns; ${quantizers} does not.`;
    throw new ParameterError("quantizers", message);
  }
  const count = Math.min(rows.rows, values.lists || Math.ceil(Math.sqrt(rows.rows)));
  const lists = await divideRows(rows, count, context);
  const probes = Math.min(lists.centers.rows, values.probes || Math.ceil(Math.sqrt(count)));
  if (kind === "ivf-flat") return { kind, rows: inOrder(rows, lists.numbers), lists, probes };
  return { kind, lists, quantizer: await quantizeRows(rows, lists, quantizers, context), probes };
}

function inOrder({ rows, columns, values }: DenseRows, numbers: Uint32Array): DenseRows {
  const ordered = new Float32Array(values.length);
  for (const [place, row] of numbers.entries()) {
    ordered.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  }
  return { rows, columns, values: ordered };
}

/** Finds neighbours in an index; holds the rows a second time, as the kernel needs them. */
export interface NeighbourSearch extends Disposable {
  find(queries: DenseRows): FoundNeighbours;
  findInParallel(queries: DenseRows): Promise<FoundNeighbours>;
}

export interface NeighbourSearchOptions {
  readonly neighbours: number;
  /** Inner products instead of Euclidean distances. */
  readonly products: boolean;
  readonly threads: number;
}

export function openIndex(
  index: NeighbourIndex,
  { neighbours, products, threads }: NeighbourSearchOptions,
): NeighbourSearch {
  switch (index.kind) {
    case "flat":
      return createNeighbourScan({ references: index.rows, neighbours, products, threads });
    case "ivf-flat": {
      const lists = { ...index.lists, probes: index.probes };
      return createNeighbourScan({ references: index.rows, neighbours, products, threads, lists });
    }
    case "ivf-pq": {
      const { lists, quantizer, probes } = index;
      const probing = createNeighbourScan({ references: lists.centers, neighbours: probes, products: false, threads });
      const byCodes = (queries: DenseRows, { references: chosen }: FoundNeighbours): FoundNeighbours =>
        findByCodes(queries, lists, quantizer, { chosen, probes, neighbours });
      return {
        find: (queries) => byCodes(queries, probing.find(queries)),
        findInParallel: async (queries) => byCodes(queries, await probing.findInParallel(queries)),
        [Symbol.dispose]: () => probing[Symbol.dispose](),
      };
    }
  }
}
