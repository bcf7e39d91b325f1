import type { DataError } from "../algorithm.ts";
import { grow } from "./grow.ts";
import type { Table } from "./table.ts";

/** What a row has beside its features. A row has the members that the others have. */
export interface RowAnnotation {
  readonly label?: number;
  readonly weight?: number;
  /** Any number that rows of the same group have in common. */
  readonly group?: number;
}

/** Labels, weights and groups while a table is read. */
export interface RowAnnotations {
  /** Throws what `failure` makes of the text when a label is missing or infinite, a weight negative, or a group came before. */
  add(row: number, annotation: RowAnnotation, failure: (text: string) => DataError): void;
  finish(rows: number): Pick<Table, "labels" | "weights" | "groups">;
}

/** An empty one. */
export function createRowAnnotations(): RowAnnotations {
  let labels: Float32Array | undefined;
  let weights: Float32Array | undefined;
  let groups: Uint32Array | undefined;
  let group: number | undefined;
  let first: { readonly weighted: boolean; readonly grouped: boolean } | undefined;
  const seen = new Map<number, number>();
  return {
    add(row, annotation, failure) {
      const form = { weighted: annotation.weight !== undefined, grouped: annotation.group !== undefined };
      first ??= form;
      if (form.weighted !== first.weighted || form.grouped !== first.grouped) {
        throw failure("either all rows have a weight and a group, or none has.");
      }
      if (annotation.label !== undefined) {
        labels = grow(labels ?? new Float32Array(0), row, row + 1);
        labels[row] = annotation.label;
        if (!Number.isFinite(labels[row])) throw failure(`the label is missing or does not fit into 32 bits.`);
      }
      if (annotation.weight !== undefined) {
        weights = grow(weights ?? new Float32Array(0), row, row + 1);
        weights[row] = annotation.weight;
        if (!(weights[row] >= 0 && weights[row] < Infinity))
          throw failure(`the weight must be a number of at least 0.`);
      }
      if (annotation.group !== undefined) {
        groups = grow(groups ?? new Uint32Array(0), row, row + 1);
        if (annotation.group !== group) {
          if (Number.isNaN(annotation.group)) throw failure("the group is missing.");
          if (seen.has(annotation.group)) {
            throw failure(`group ${annotation.group} was there before: the rows of a group must follow each other.`);
          }
          group = annotation.group;
          seen.set(group, seen.size);
        }
        groups[row] = seen.size - 1;
      }
    },
    finish: (rows) => ({
      ...(labels === undefined ? {} : { labels: labels.subarray(0, rows) }),
      ...(weights === undefined ? {} : { weights: weights.subarray(0, rows) }),
      ...(groups === undefined ? {} : { groups: groups.subarray(0, rows) }),
    }),
  };
}
