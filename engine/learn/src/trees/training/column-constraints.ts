import { ParameterError } from "../../parameters.ts";

/** By column −1, 0 or 1 from `(1,0,-1)`; undefined where no column is bound. Throws ParameterError. */
export function readMonotoneConstraints(text: string, columns: number): readonly number[] | undefined {
  const inner = text
    .trim()
    .replace(/^\(([^()]*)\)$/u, "$1")
    .trim();
  const directions = inner === "" ? [] : inner.split(",").map((direction) => Number(direction.trim() || "none"));
  if (directions.length > columns || directions.some((direction) => ![-1, 0, 1].includes(direction))) {
    throw new ParameterError(
      "monotoneConstraints",
      `Parameter monotoneConstraints must list -1, 0 or 1 for at most ${columns} columns, like (1,0,-1), not ${JSON.stringify(text)}.`,
    );
  }
  if (directions.every((direction) => direction === 0)) return undefined;
  return Array.from({ length: columns }, (_, column) => directions[column] ?? 0);
}

/** Sets of columns from `[[0,1],[2,3]]`. Throws ParameterError. */
export function readInteractionConstraints(text: string, columns: number): readonly (readonly number[])[] {
  const sets = parseJson(text);
  const isColumn = (column: unknown): boolean =>
    Number.isInteger(column) && Number(column) >= 0 && Number(column) < columns;
  if (!Array.isArray(sets) || !sets.every((set) => Array.isArray(set) && set.every(isColumn))) {
    throw new ParameterError(
      "interactionConstraints",
      `Parameter interactionConstraints must list sets of columns from 0 to ${columns - 1}, like [[0,1],[2,3]], not ${JSON.stringify(text)}.`,
    );
  }
  return sets;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
