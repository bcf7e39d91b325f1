const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const SHORTEST_STEP = 1e-10;

/** A minimisation that is asked for the next point and told what is found there, so that several share one pass over the data. */
export interface Minimization {
  /** Where the function is to be evaluated next; the minimum once `finished`. */
  readonly point: Float64Array;
  /** The best point that was evaluated, before the first the start. */
  readonly best: Float64Array;
  readonly finished: boolean;
  /** The value and the gradient at `point`. */
  tell(value: number, gradient: Float64Array): void;
}

export interface MinimizationOptions {
  readonly start: Float64Array;
  readonly iterations: number;
  /** Finished when no component of the gradient is greater. */
  readonly tolerance: number;
}

/**
 * L-BFGS (Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5) with ten pairs and
 * backtracking to a sufficient decrease; for functions that are convex and smooth.
 */
export function createLbfgs({ start, iterations, tolerance }: MinimizationOptions): Minimization {
  const point = start.slice();
  let base: { readonly point: Float64Array; readonly value: number; readonly gradient: Float64Array } | undefined;
  let direction: Float64Array = new Float64Array(start.length);
  let slope = 0;
  let step = 1;
  let iteration = 0;
  let finished = iterations === 0;
  const pairs: { readonly moved: Float64Array; readonly changed: Float64Array; readonly curvature: number }[] = [];

  const move = (): void => {
    for (let index = 0; index < point.length; index += 1) point[index] = origin()[index] + step * direction[index];
  };
  const origin = (): Float64Array => base?.point ?? start;
  const finish = (): void => {
    point.set(origin());
    finished = true;
  };
  const remember = (gradient: Float64Array): void => {
    if (base === undefined) return;
    const moved = difference(point, base.point);
    const changed = difference(gradient, base.gradient);
    const curvature = dot(moved, changed);
    if (curvature <= 1e-12 * dot(changed, changed)) return;
    pairs.push({ moved, changed, curvature });
    if (pairs.length > MEMORY) pairs.shift();
  };
  const begin = (value: number, gradient: Float64Array): void => {
    remember(gradient);
    base = { point: point.slice(), value, gradient: gradient.slice() };
    iteration += 1;
    direction = descent(gradient, pairs);
    slope = dot(direction, gradient);
    const largest = gradient.reduce((most, component) => Math.max(most, Math.abs(component)), 0);
    if (largest <= tolerance || iteration > iterations || !(slope < 0)) return finish();
    step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    move();
  };
  return {
    point,
    get best() {
      return origin();
    },
    get finished() {
      return finished;
    },
    tell(value, gradient) {
      if (finished) return;
      if (base === undefined || value <= base.value + SUFFICIENT_DECREASE * step * slope) return begin(value, gradient);
      // The minimum of the parabola through what is known of this direction, not too far from halving.
      const parabola = (-slope * step) / (2 * ((value - base.value) / step - slope));
      step = Number.isFinite(parabola) ? Math.min(0.5 * step, Math.max(0.1 * step, parabola)) : 0.1 * step;
      if (step < SHORTEST_STEP) return finish();
      move();
    },
  };
}

type Pairs = readonly {
  readonly moved: Float64Array;
  readonly changed: Float64Array;
  readonly curvature: number;
}[];

/** Minus the inverse Hessian's estimate times the gradient (algorithm 7.4). */
function descent(gradient: Float64Array, pairs: Pairs): Float64Array {
  const direction = gradient.map((component) => -component);
  const factors = pairs.map(() => 0);
  for (let index = pairs.length - 1; index >= 0; index -= 1) {
    const { moved, changed, curvature } = pairs[index];
    factors[index] = dot(moved, direction) / curvature;
    add(direction, changed, -factors[index]);
  }
  const newest = pairs.at(-1);
  if (newest !== undefined) {
    const scale = newest.curvature / dot(newest.changed, newest.changed);
    for (let index = 0; index < direction.length; index += 1) direction[index] *= scale;
  }
  for (const [index, { moved, changed, curvature }] of pairs.entries()) {
    add(direction, moved, factors[index] - dot(changed, direction) / curvature);
  }
  return direction;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index] * other[index];
  return sum;
}

function difference(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, index) => value - other[index]);
}

function add(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index] += factor * source[index];
}
