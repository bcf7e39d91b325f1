const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** A year counts as 365 days and a month as 30, since a duration has no calendar. */
const DATE_UNITS: Readonly<Record<string, number>> = { Y: 365 * DAY, M: 30 * DAY, W: 7 * DAY, D: DAY };
const TIME_UNITS: Readonly<Record<string, number>> = { H: 3600 * SECOND, M: 60 * SECOND, S: SECOND };

const DURATION = /^P?((?:\d+[YMWD])*)(?:T((?:\d+[HMS])+))?$/;
/** The longest that is of use; also keeps the arithmetic exact. */
const MAX_DIGITS = 9;

/**
 * Milliseconds of an ISO 8601 duration (`PT1H`, `P4DT12H`), in either case and with or without its `P`, since the AWS documentation also writes `30d` and
 * `T12H`. Undefined for anything else, and for a duration of nothing.
 */
export function parseIsoDuration(text: string): number | undefined {
  const match = DURATION.exec(text.toUpperCase());
  if (match === null) return undefined;
  const total = sumOf(match[1] ?? "", DATE_UNITS) + sumOf(match[2] ?? "", TIME_UNITS);
  return total > 0 && Number.isSafeInteger(total) ? total : undefined;
}

function sumOf(text: string, units: Readonly<Record<string, number>>): number {
  let total = 0;
  for (const [, digits = "", unit = ""] of text.matchAll(/(\d+)([A-Z])/g)) {
    total += digits.length > MAX_DIGITS ? Number.POSITIVE_INFINITY : Number(digits) * (units[unit] ?? 0);
  }
  return total;
}
