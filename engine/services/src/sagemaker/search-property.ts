/** What a resource property may be compared as; anything else only exists. */
export type PropertyValue = string | number | boolean | Date;

/**
 * The values at a dotted path such as `InputDataConfig.DataSource.S3DataSource.S3Uri`: one for each element of every list on the way, none when
 * the path leads nowhere. Keys of maps may contain dots themselves (`Metrics.validation:accuracy.mean`).
 */
export function valuesAt(value: unknown, path: string): PropertyValue[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, path));
  if (path === "") return isPropertyValue(value) ? [value] : [];
  return stepsInto(value, path).flatMap(({ inner, rest }) => valuesAt(inner, rest));
}

/** Whether the path leads to anything, be it a structure or an empty list. */
export function existsAt(value: unknown, path: string): boolean {
  if (value === undefined || value === null) return false;
  if (path === "") return true;
  if (Array.isArray(value)) return value.some((element) => existsAt(element, path));
  return stepsInto(value, path).some(({ inner, rest }) => existsAt(inner, rest));
}

/** The elements of the list at a path, for filters that must hold of one and the same. */
export function elementsAt(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (path === "") return Array.isArray(value) ? value : [value];
  if (Array.isArray(value)) return value.flatMap((element) => elementsAt(element, path));
  return stepsInto(value, path).flatMap(({ inner, rest }) => elementsAt(inner, rest));
}

/** The ways in which the beginning of a path can be a member of the value. */
function stepsInto(value: unknown, path: string): { readonly inner: unknown; readonly rest: string }[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [];
  const members = value as Readonly<Record<string, unknown>>;
  const steps: { inner: unknown; rest: string }[] = [];
  for (let end = path.indexOf("."); end >= 0; end = path.indexOf(".", end + 1)) {
    const head = path.slice(0, end);
    if (Object.hasOwn(members, head)) steps.push({ inner: members[head], rest: path.slice(end + 1) });
  }
  if (Object.hasOwn(members, path)) steps.push({ inner: members[path], rest: "" });
  return steps;
}

function isPropertyValue(value: unknown): value is PropertyValue {
  return ["string", "number", "boolean"].includes(typeof value) || value instanceof Date;
}
