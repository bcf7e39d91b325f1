import assert from "node:assert/strict";
import { test } from "node:test";
import { shortestFloat } from "./shortest-float.ts";

test("the shortest decimal that gives a float32 back", () => {
  const expected: readonly (readonly [number, string])[] = [
    [0, "0E0"],
    [-0, "-0E0"],
    [3, "3E0"],
    [Math.fround(0.1), "0.1"],
    [Math.fround(0.3), "0.3"],
    [Math.fround(-2.0281509e-1), "-0.20281509"],
    [16777216, "16777216E0"],
    [Math.fround(3.4028235e38), "3.4028235e+38"],
    [2 ** -149, "1e-45"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ];
  for (const [value, text] of expected) assert.equal(shortestFloat(value), text);
});

test("any bits come back", () => {
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  for (let step = 0; step < 5000; step += 1) {
    bits[0] = Math.imul(step, 0x9e3779b1);
    if (Number.isFinite(float[0])) assert.equal(Math.fround(Number(shortestFloat(float[0]))), float[0]);
  }
});
