import assert from "node:assert/strict";
import { test } from "node:test";
import { gaussLegendre } from "./gauss-legendre.ts";

test("exact for polynomials of degree below twice the number of points", () => {
  for (const count of [1, 2, 3, 8, 40]) {
    const { points, weights } = gaussLegendre(count);
    for (let degree = 0; degree < 2 * count; degree += 1) {
      const integral = points.reduce((sum, point, index) => sum + (weights[index] as number) * point ** degree, 0);
      assert.ok(Math.abs(integral - 1 / (degree + 1)) < 1e-14, `${count} points, degree ${degree}`);
    }
  }
});
