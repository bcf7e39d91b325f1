import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNumber, scanFloat32 } from "./scan-float32.ts";

function scan(text: string): { readonly value: number; readonly next: number } {
  const end = { next: -1 };
  const value = scanFloat32(Buffer.from(`${text},`), 0, end);
  return { value: Math.fround(value), next: end.next };
}

/** Park and Miller's generator: the same texts in every run. */
function createRandom(): (below: number) => number {
  let state = 20261121;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

const pick = <Item>(random: (below: number) => number, items: readonly Item[]): Item => items[random(items.length)];

function randomDecimal(random: (below: number) => number): string {
  const digits = (count: number) => Array.from({ length: count }, () => random(10)).join("");
  const whole = digits(random(24));
  const fraction = digits(random(24));
  const mantissa = whole === "" && fraction === "" ? "7" : `${whole}${pick(random, ["", "."])}${fraction}`;
  const exponent = random(3) > 0 ? "" : `${pick(random, ["e", "E"])}${pick(random, ["", "+", "-"])}${random(50)}`;
  return `${pick(random, ["", "", "-", "+"])}${mantissa}${exponent}`;
}

test("200,000 random decimals: as Number(text) rounded to 32 bits", () => {
  const random = createRandom();
  for (let index = 0; index < 200_000; index += 1) {
    const text = randomDecimal(random);
    const { value, next } = scan(text);
    assert.ok(Object.is(value, Math.fround(Number(text))) && next === text.length, text);
  }
});

test("texts of all magnitudes of 32 and 64 bits, and their neighbourhood", () => {
  const random = createRandom();
  const bits = new DataView(new ArrayBuffer(8));
  for (let index = 0; index < 100_000; index += 1) {
    bits.setUint32(0, random(2 ** 31) * 2 + random(2));
    bits.setUint32(4, random(2 ** 31) * 2 + random(2));
    for (const number of [bits.getFloat32(0), bits.getFloat64(0)]) {
      if (!Number.isFinite(number)) continue;
      for (const text of [String(number), number.toPrecision(9), number.toExponential(20)]) {
        assert.ok(Object.is(scan(text).value, Math.fround(Number(text))), text);
      }
    }
  }
});

test("halfway between two numbers of 32 bits, to the digit", () => {
  for (let whole = 2 ** 24; whole < 2 ** 24 + 2000; whole += 1) {
    for (const text of [`${whole}`, `${whole}.0000000000000000000001`, `${whole - 1}.99999999999999999999999`]) {
      assert.equal(scan(text).value, Math.fround(Number(text)), text);
    }
  }
});

test("the ends of the range", () => {
  const texts = [
    "1e-45",
    "7e-46",
    "7.006e-46",
    "3.4028235e38",
    "3.4028236e38",
    "1e39",
    "1e400",
    "1e-400",
    "0e999999999",
  ];
  for (const text of [...texts, "-0", "0.0", "00012", ".5", "5.", "1e23", "9007199254740993"]) {
    assert.ok(Object.is(scan(text).value, Math.fround(Number(text))), text);
  }
});

test("a scan ends where the number does", () => {
  const ends = { "1e": 1, "1e+": 1, "12x": 2, "1.2.3": 3, "1e5e": 3, "--1": 0, "+": 0, ".": 0, e5: 0, "": 0, NaN: 0 };
  for (const [text, next] of Object.entries(ends)) assert.equal(scan(text).next, next, text);
});

test("a text is a number as a whole or not at all", () => {
  assert.deepEqual([" 1 ", "-1.5e3", "+.5"].map(parseNumber), [1, -1500, 0.5]);
  assert.deepEqual(
    ["", "1x", "0x10", "Infinity", "1 2", "1_000"].map(parseNumber).filter((value) => value !== undefined),
    [],
  );
});
