/** Points and weights with which ∫₀¹ p(t) dt = Σ weight · p(point), exactly for polynomials of degree below 2 · `count`. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss-Legendre on [0, 1]; the roots by Newton's method from Tricomi's approximation (Abramowitz & Stegun 22.16.6). */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    let root = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step += 1) {
      const legendre = evaluateLegendre(count, root);
      slope = legendre.slope;
      const move = legendre.value / slope;
      root -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    slope = evaluateLegendre(count, root).slope;
    points[index] = (1 - root) / 2;
    weights[index] = 1 / ((1 - root * root) * slope * slope);
  }
  return { points, weights };
}

/** The Legendre polynomial of a degree and its derivative, by the three-term recurrence. */
function evaluateLegendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 0;
  let value = 1;
  for (let n = 1; n <= degree; n += 1) {
    [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
