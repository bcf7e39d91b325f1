import { parseArgs } from "node:util";

/** The values of `--name value` for each of the names. Throws unless all are there and no others. */
export function readArguments<const Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ options });
  const missing = names.filter((name) => !values[name]);
  if (missing.length > 0) throw new Error(`Arguments are missing: ${missing.map((name) => `--${name}`).join(", ")}.`);
  return values as Readonly<Record<Name, string>>;
}
