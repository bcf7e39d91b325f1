import { HttpError } from "./http-error.ts";

/** The schema of a number in a query. */
export function numberParameter(description: string) {
  return { type: "string", pattern: "^-?\\d+([.]\\d+)?$", maxLength: 20, description } as const;
}

export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** Whether fractions are refused. */
  readonly isWhole?: boolean;
}

/** A number from a query. Throws HttpError 400 naming the parameter and its range. */
export function readNumber(
  [name, value]: readonly [name: string, value: string | undefined],
  byDefault: number,
  { least, most, isWhole = false }: NumberRange,
): number {
  if (value === undefined) return byDefault;
  const number = Number(value);
  if (number >= least && number <= most && (!isWhole || Number.isInteger(number))) return number;
  const kind = isWhole ? "a whole number" : "a number";
  throw new HttpError(400, "InvalidRequest", `${name} is ${value}. It should be ${kind} from ${least} to ${most}.`);
}
