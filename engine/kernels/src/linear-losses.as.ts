// The losses of linear models, four scores at a time. For kernels to import; linear-models.ts has them one by one.

import { exp4, log1p4 } from "./exponential.as";

/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
export let loss: i32 = 0;
export let lossParameter: f32 = 0;

const LOGISTIC = 0;
const HINGE = 1;
const SQUARED = 2;
const ABSOLUTE = 3;
const INSENSITIVE_SQUARED = 4;
const QUANTILE = 6;
const HUBER = 7;

export let lossVector: v128 = f32x4.splat(0);

/** The derivatives of four losses by their scores; the losses are then in lossVector. */
export function derivative4(score: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const parameter = f32x4.splat(lossParameter);
  if (loss === LOGISTIC) {
    const e = exp4(f32x4.neg(f32x4.abs(score)));
    lossVector = f32x4.add(f32x4.sub(f32x4.max(score, zero), f32x4.mul(y, score)), log1p4(e));
    const inverse = f32x4.div(one, f32x4.add(one, e));
    const probability = v128.bitselect(inverse, f32x4.mul(e, inverse), f32x4.ge(score, zero));
    return f32x4.sub(probability, y);
  }
  if (loss === HINGE) {
    const sign = f32x4.sub(f32x4.add(y, y), one);
    lossVector = f32x4.max(f32x4.sub(parameter, f32x4.mul(sign, score)), zero);
    return v128.and(f32x4.neg(sign), f32x4.gt(lossVector, zero));
  }
  const residual = f32x4.sub(score, y);
  const distance = f32x4.abs(residual);
  const sign = v128.or(v128.and(residual, f32x4.splat(-0.0)), one);
  if (loss === SQUARED) {
    lossVector = f32x4.mul(f32x4.mul(residual, residual), f32x4.splat(0.5));
    return residual;
  }
  if (loss === QUANTILE) {
    const under = f32x4.lt(residual, zero);
    const slope = v128.bitselect(f32x4.neg(parameter), f32x4.sub(one, parameter), under);
    lossVector = f32x4.mul(residual, slope);
    return slope;
  }
  if (loss === HUBER) {
    const inner = f32x4.min(distance, parameter);
    lossVector = f32x4.mul(inner, f32x4.sub(distance, f32x4.mul(inner, f32x4.splat(0.5))));
    return f32x4.mul(sign, inner);
  }
  // An absolute loss is one that is insensitive to nothing.
  const excess = f32x4.max(f32x4.sub(distance, loss === ABSOLUTE ? zero : parameter), zero);
  if (loss === INSENSITIVE_SQUARED) {
    lossVector = f32x4.mul(f32x4.mul(excess, excess), f32x4.splat(0.5));
    return f32x4.mul(sign, excess);
  }
  lossVector = excess;
  return v128.and(sign, f32x4.gt(excess, zero));
}
