/**
 * The shortest decimal that reads back as this float32; `NaN` and `Infinity` for what has no digits. Whole numbers have an exponent, `3E0`, by which
 * XGBoost knows floats from integers.
 */
export function shortestFloat(value: number): string {
  const text = shortestDigits(value);
  return Number.isFinite(value) && !/[.e]/.test(text) ? `${text}E0` : text;
}

function shortestDigits(value: number): string {
  if (Object.is(value, -0)) return "-0";
  // Below 2⁻¹²⁶ a float32 has fewer digits. Above, 6 digits survive always and 9 give back every one (FLT_DIG, FLT_DECIMAL_DIG).
  // toPrecision chooses the nearest, so none shorter would do.
  for (let digits = Math.abs(value) < 2 ** -126 ? 1 : 6; digits < 9; digits += 1) {
    const number = Number(value.toPrecision(digits));
    if (Math.fround(number) === value) return String(number);
  }
  return String(Number(value.toPrecision(9)));
}
