import { type AttributeValue, attributeOf, type Item } from "../attribute-value.ts";
import { validationError } from "../validation-error.ts";
import type { ResolvedPath } from "./document-path.ts";

type Steps = readonly (string | number)[];

/** The item with a value at a path, whose parents must be there; a position beyond the end of a list appends. */
export function setAt(item: Item, path: ResolvedPath, value: AttributeValue): Item {
  return writeInMap(item, path, () => value);
}

/** The item without what is at a path. */
export function removeAt(item: Item, path: ResolvedPath): Item {
  return writeInMap(item, path, () => undefined);
}

/** Throws ValidationException when there is no map or list that could hold what a path names. */
export function checkParent(item: Item, path: ResolvedPath): void {
  removeAt(item, path);
}

function writeInMap(map: Item, [name, ...rest]: Steps, leaf: () => AttributeValue | undefined): Item {
  if (typeof name !== "string") throw invalidPath();
  const written = rest.length === 0 ? leaf() : writeInValue(attributeOf(map, name), rest, leaf);
  const others = Object.entries(map).filter(([other]) => other !== name);
  return Object.fromEntries(written === undefined ? others : [...others, [name, written]]);
}

function writeInValue(
  value: AttributeValue | undefined,
  steps: Steps,
  leaf: () => AttributeValue | undefined,
): AttributeValue {
  if (value !== undefined && "M" in value) return { M: writeInMap(value.M, steps, leaf) };
  if (value !== undefined && "L" in value) return { L: writeInList(value.L, steps, leaf) };
  throw invalidPath();
}

function writeInList(
  list: readonly AttributeValue[],
  [position, ...rest]: Steps,
  leaf: () => AttributeValue | undefined,
): readonly AttributeValue[] {
  if (typeof position !== "number") throw invalidPath();
  const written = rest.length === 0 ? leaf() : writeInValue(list[position], rest, leaf);
  if (written === undefined) return list.toSpliced(position, 1);
  return position < list.length ? list.with(position, written) : [...list, written];
}

function invalidPath(): Error {
  return validationError("The document path provided in the update expression is invalid for update");
}
