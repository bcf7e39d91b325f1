import { type AttributeValue, attributeOf, type Item } from "../attribute-value.ts";
import type { ResolvedPath } from "./document-path.ts";

/** What is wanted below a step: everything, or what the next steps say. */
type Wanted = "all" | Map<string | number, Wanted>;

/** The parts of an item that the paths name, in their maps and lists; positions of a list close up. */
export function projectPaths(item: Item, paths: readonly ResolvedPath[]): Item {
  const root = new Map<string | number, Wanted>();
  for (const path of paths) want(root, path);
  return projectMap(item, root);
}

function want(wanted: Map<string | number, Wanted>, [step, ...rest]: readonly (string | number)[]): void {
  if (step === undefined) return;
  if (rest.length === 0) {
    wanted.set(step, "all");
    return;
  }
  const below = wanted.get(step) ?? new Map<string | number, Wanted>();
  wanted.set(step, below);
  if (below !== "all") want(below, rest);
}

function projectMap(map: Item, wanted: ReadonlyMap<string | number, Wanted>): Item {
  return Object.fromEntries(
    Array.from(wanted, ([name, below]) => {
      const value = typeof name === "string" ? attributeOf(map, name) : undefined;
      return [name, value && projectValue(value, below)] as const;
    }).filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined),
  );
}

function projectValue(value: AttributeValue, wanted: Wanted): AttributeValue | undefined {
  if (wanted === "all") return value;
  if ("M" in value) {
    const map = projectMap(value.M, wanted);
    return Object.keys(map).length === 0 ? undefined : { M: map };
  }
  if (!("L" in value)) return undefined;
  const list = Array.from(wanted, ([position, below]) => ({ position, below }))
    .filter(({ position }) => typeof position === "number")
    .sort((a, b) => Number(a.position) - Number(b.position))
    .map(({ position, below }) => {
      const element = value.L[Number(position)];
      return element && projectValue(element, below);
    })
    .filter((element) => element !== undefined);
  return list.length === 0 ? undefined : { L: list };
}
