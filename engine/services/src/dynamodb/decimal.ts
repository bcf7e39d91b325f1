import { validationError } from "./validation-error.ts";

/** A number of DynamoDB: `coefficient × 10^exponent`, at most 38 digits, without trailing zeros; zero is 0 × 10^0. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const MAX_DIGITS = 38;
/** Of the first digit: numbers reach from 1E-130 to 9.99…E+125. */
const MIN_MAGNITUDE = -130;
const MAX_MAGNITUDE = 125;
/** Far more than any number needs whose digits are kept; keeps hostile texts from costing time. */
const MAX_TEXT = 512;

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const zero: Decimal = { coefficient: 0n, exponent: 0 };

/** Reads a number as DynamoDB does. Throws ValidationException for what is no number, has more than 38 digits or is out of range. */
export function parseDecimal(text: string): Decimal {
  const [, sign, whole = "", fraction = "", exponentText = "0"] =
    (text.length <= MAX_TEXT ? PATTERN.exec(text) : undefined) ?? [];
  if (whole === "" && fraction === "") {
    throw validationError(
      text === ""
        ? "The parameter cannot be converted to a numeric value"
        : `The parameter cannot be converted to a numeric value: ${text.slice(0, 100)}`,
    );
  }
  const significant = (whole + fraction).replace(/^0+/, "");
  if (significant === "") return zero;
  return limited({
    coefficient: BigInt(sign === "-" ? `-${significant}` : significant),
    exponent: Number(exponentText) - fraction.length,
  });
}

/** Plain decimal notation, as DynamoDB answers. */
export function formatDecimal({ coefficient, exponent }: Decimal): string {
  const sign = coefficient < 0n ? "-" : "";
  const digits = absolute(coefficient).toString();
  if (exponent >= 0) return sign + digits + (coefficient === 0n ? "" : "0".repeat(exponent));
  const point = digits.length + exponent;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${"0".repeat(-point)}${digits}`;
}

/** The text of a number as it is stored: `0012.50` becomes `12.5`. */
export function normaliseNumber(text: string): string {
  // Most numbers are small integers and stand in this form already.
  return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? text : formatDecimal(parseDecimal(text));
}

/** Exact; throws ValidationException when the sum needs more than 38 digits. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return limited({ coefficient: scaled(a, exponent) + scaled(b, exponent), exponent });
}

/** Exact; throws ValidationException when the difference needs more than 38 digits. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { coefficient: -b.coefficient, exponent: b.exponent });
}

/** Less than 0, 0, or greater than 0. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const [left, right] = [scaled(a, exponent), scaled(b, exponent)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Bytes whose order is that of the numbers: the sign, the magnitude, then two digits a byte. The bytes after the sign of a negative number are
 * complemented and end with 255, so that more digits, which make it smaller, sort before fewer.
 */
export function orderedBytes({ coefficient, exponent }: Decimal): Buffer {
  if (coefficient === 0n) return Buffer.of(1);
  const digits = absolute(coefficient).toString();
  const pairs = Math.ceil(digits.length / 2);
  const bytes = Buffer.alloc(2 + pairs);
  bytes[0] = 2;
  bytes[1] = digits.length - 1 + exponent - MIN_MAGNITUDE;
  for (let pair = 0; pair < pairs; pair++) {
    bytes[2 + pair] = Number(digits.slice(2 * pair, 2 * pair + 2).padEnd(2, "0")) + 1;
  }
  if (coefficient > 0n) return bytes;
  const negative = Buffer.alloc(3 + pairs, 255);
  negative[0] = 0;
  for (let at = 1; at < bytes.length; at++) negative[at] = 255 - (bytes[at] as number);
  return negative;
}

function limited({ coefficient, exponent }: Decimal): Decimal {
  if (coefficient === 0n) return zero;
  const digits = absolute(coefficient).toString();
  const kept = digits.replace(/0+$/, "");
  const magnitude = digits.length - 1 + exponent;
  if (magnitude > MAX_MAGNITUDE) {
    throw validationError("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (magnitude < MIN_MAGNITUDE) {
    throw validationError("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  }
  if (kept.length > MAX_DIGITS) {
    throw validationError("Attempting to store more than 38 significant digits in a Number");
  }
  const trimmed = digits.length - kept.length;
  return { coefficient: coefficient / 10n ** BigInt(trimmed), exponent: exponent + trimmed };
}

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
