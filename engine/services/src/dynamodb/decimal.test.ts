import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  normaliseNumber,
  orderedBytes,
  parseDecimal,
  subtractDecimals,
} from "./decimal.ts";

/** Digits and an exponent within DynamoDB's range, as text in scientific notation. */
const number = fc
  .tuple(fc.constantFrom("", "-"), fc.stringMatching(/^[0-9]{1,38}$/), fc.integer({ min: -92, max: 87 }))
  .map(([sign, digits, exponent]) => `${sign}${digits}e${exponent}`);

/** The value scaled by 10^130, exactly: an independent way to compare and add. */
function scaled(text: string): bigint {
  const [, sign = "", digits = "", exponent = "0"] = /^(-?)(\d+)e(-?\d+)$/.exec(text) ?? [];
  const value = BigInt(digits) * 10n ** BigInt(Number(exponent) + 130);
  return sign === "-" ? -value : value;
}

describe("numbers", () => {
  test("their texts are plain and without superfluous zeros", () => {
    const texts: readonly (readonly [string, string])[] = [
      ["0", "0"],
      ["-0.0", "0"],
      ["+007", "7"],
      [".5", "0.5"],
      ["5.", "5"],
      ["1.50", "1.5"],
      ["1e3", "1000"],
      ["-12.5E-3", "-0.0125"],
      ["1E-130", `0.${"0".repeat(129)}1`],
      ["9.9E+125", `99${"0".repeat(124)}`],
      ["1234567890123456789012345678901234567800", "1234567890123456789012345678901234567800"],
    ];
    for (const [given, normal] of texts) assert.equal(normaliseNumber(given), normal);
  });

  test("what is no number, too precise, too large or too small is refused with AWS's text", () => {
    const refusals: readonly (readonly [string, RegExp])[] = [
      ["", /^The parameter cannot be converted to a numeric value$/],
      [".", /^The parameter cannot be converted to a numeric value: \.$/],
      ["1,5", /converted to a numeric value: 1,5/],
      ["NaN", /numeric value: NaN/],
      ["0x10", /numeric value: 0x10/],
      ["123456789012345678901234567890123456789", /more than 38 significant digits/],
      ["1E+126", /Number overflow/],
      ["-1e999999999999", /Number overflow/],
      ["1E-131", /Number underflow/],
    ];
    for (const [given, message] of refusals) {
      assert.throws(() => normaliseNumber(given), { name: "ValidationException", message });
    }
  });

  test("texts, order, order of bytes and sums agree with exact integers", () => {
    fc.assert(
      fc.property(number, number, (left, right) => {
        const [a, b] = [parseDecimal(left), parseDecimal(right)];
        const [x, y] = [scaled(left), scaled(right)];
        const order = x < y ? -1 : x > y ? 1 : 0;
        assert.equal(Math.sign(compareDecimals(a, b)), order);
        assert.equal(Buffer.compare(orderedBytes(a), orderedBytes(b)), order);
        assert.deepEqual(parseDecimal(formatDecimal(a)), a);
        for (const [combine, expected] of [
          [addDecimals, x + y],
          [subtractDecimals, x - y],
        ] as const) {
          const digits = expected.toString().replace("-", "").replace(/0+$/, "").length;
          if (digits > 38) assert.throws(() => combine(a, b), { name: "ValidationException" });
          else assert.deepEqual(combine(a, b), parseDecimal(`${expected}e-130`));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
