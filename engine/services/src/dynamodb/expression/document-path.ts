import { type AttributeValue, attributeOf, type Item } from "../attribute-value.ts";
import { expressionError } from "./expression-error.ts";
import type { ExpressionKind } from "./syntax-tree.ts";

/** A path whose placeholders are replaced: names of attributes and of map entries, and positions in lists. */
export type ResolvedPath = readonly [string, ...(string | number)[]];

/** What is at a path; undefined when there is nothing. */
export function valueAt(item: Item, path: ResolvedPath): AttributeValue | undefined {
  const [name, ...steps] = path;
  let value = attributeOf(item, name);
  for (const step of steps) {
    if (value === undefined) return undefined;
    if (typeof step === "number") value = "L" in value ? value.L[step] : undefined;
    else value = "M" in value ? attributeOf(value.M, step) : undefined;
  }
  return value;
}

/** Throws ValidationException when a path is, or is part of, another one, or when two see a list and a map in the same place. */
export function checkPathsDistinct(kind: ExpressionKind, paths: readonly ResolvedPath[]): void {
  for (const [index, path] of paths.entries()) {
    for (const earlier of paths.slice(0, index)) {
      const relation = relate(earlier, path);
      if (relation === undefined) continue;
      throw expressionError(
        kind,
        `Two document paths ${relation} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${showPath(earlier)}, path two: ${showPath(path)}`,
      );
    }
  }
}

/** `[Reviews, [0], Text]` */
export function showPath(path: readonly (string | number)[]): string {
  return `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;
}

function relate(a: ResolvedPath, b: ResolvedPath): "overlap" | "conflict" | undefined {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (typeof a[at] !== typeof b[at]) return "conflict";
    if (a[at] !== b[at]) return undefined;
  }
  return "overlap";
}
