const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const LETTER_E = 0x65;
const LOWER_CASE = 0x20;

/** So long an integer can take one more digit and stay below 2³¹. */
const NINE_DIGITS = 100_000_000;
const EXACT_INTEGERS = 2 ** 53;
/** Powers of ten up to here are exact in 64 bits. */
const EXACT_POWER = 22;
const LARGEST_POWER = 290;
const POWERS = Float64Array.from({ length: LARGEST_POWER + 1 }, (_, power) => Number(`1e${power}`));
/** More than the error of a mantissa cut after 18 digits, a rounded power and a product: some 2⁻⁵¹. */
const UNCERTAINTY = 2 ** -48;

/** Where a scan ended: the first byte that is not part of the number; where it began when there was none. */
export interface ScanEnd {
  next: number;
}

/**
 * Reads the decimal number at `start`: sign, digits, point, exponent. Rounded to 32 bits it is `Number(text)` rounded to 32 bits, for every text: exact
 * in 64 bits where digits and power are (Clinger 1990), otherwise from both ends of an interval that holds the number; in the rare case that they
 * round differently, by `Number` itself. `bytes` must hold a byte after the number.
 */
export function scanFloat32(bytes: Uint8Array, start: number, end: ScanEnd): number {
  let index = start;
  let byte = bytes[index];
  const negative = byte === MINUS;
  if (negative || byte === PLUS) byte = bytes[++index];
  const digitsStart = index;
  let high = 0;
  let low = 0;
  let lowDigits = 0;
  let exponent = 0;
  let cut = false;
  for (let digit = byte - ZERO; digit >= 0 && digit <= 9; digit = bytes[++index] - ZERO) {
    if (high < NINE_DIGITS) high = high * 10 + digit;
    else if (lowDigits < 9) {
      low = low * 10 + digit;
      lowDigits += 1;
    } else {
      exponent += 1;
      cut = true;
    }
  }
  let digits = index - digitsStart;
  if (bytes[index] === POINT) {
    const fractionStart = ++index;
    for (let digit = bytes[index] - ZERO; digit >= 0 && digit <= 9; digit = bytes[++index] - ZERO) {
      if (high < NINE_DIGITS) {
        high = high * 10 + digit;
        exponent -= 1;
      } else if (lowDigits < 9) {
        low = low * 10 + digit;
        lowDigits += 1;
        exponent -= 1;
      } else cut = true;
    }
    digits += index - fractionStart;
  }
  if (digits === 0) {
    end.next = start;
    return Number.NaN;
  }
  if ((bytes[index] | LOWER_CASE) === LETTER_E) {
    exponent += scanExponent(bytes, index + 1, end);
    if (end.next > index + 1) index = end.next;
  }
  end.next = index;
  const mantissa = lowDigits === 0 ? high : high * POWERS[lowDigits] + low;
  const value = scale(mantissa, exponent, cut) ?? Math.abs(Number(latin1(bytes, start, index)));
  return negative ? -value : value;
}

/** The number that the whole text is, spaces around it aside; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;
}

/** Mantissa × 10^exponent, or undefined when it cannot be told to which of two neighbours of 32 bits that rounds. */
function scale(mantissa: number, exponent: number, cut: boolean): number | undefined {
  const power = exponent < 0 ? -exponent : exponent;
  if (power > LARGEST_POWER) return undefined;
  const value = exponent < 0 ? mantissa / POWERS[power] : mantissa * POWERS[power];
  if (!cut && power <= EXACT_POWER && mantissa <= EXACT_INTEGERS) return value;
  const rounded = Math.fround(value - value * UNCERTAINTY);
  return rounded === Math.fround(value + value * UNCERTAINTY) ? rounded : undefined;
}

/** The exponent's value; `end.next` stays at `start` when there are no digits, and the `e` is not part of the number. */
function scanExponent(bytes: Uint8Array, start: number, end: ScanEnd): number {
  let index = start;
  const negative = bytes[index] === MINUS;
  if (negative || bytes[index] === PLUS) index += 1;
  const digitsStart = index;
  let exponent = 0;
  for (let digit = bytes[index] - ZERO; digit >= 0 && digit <= 9; digit = bytes[++index] - ZERO) {
    if (exponent < 100_000) exponent = exponent * 10 + digit;
  }
  end.next = index > digitsStart ? index : start;
  return negative ? -exponent : exponent;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
