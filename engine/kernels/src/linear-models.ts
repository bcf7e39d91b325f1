import type { LinearLoss, LinearOptimizer } from "./linear-models-layout.ts";

/** A loss and its derivative by the score. */
export interface LossAt {
  readonly loss: number;
  readonly derivative: number;
}

/**
 * The losses of one score. Labels are 0 or 1 for logistic and hinge, numbers for the others. The parameter is the
 * hinge's margin, the insensitivity, the quantile, or Huber's delta.
 */
export function lossAt(loss: Exclude<LinearLoss, "softmax">, score: number, label: number, parameter: number): LossAt {
  const residual = score - label;
  const distance = Math.abs(residual);
  const sign = residual < 0 ? -1 : 1;
  switch (loss) {
    case "logistic":
      return {
        loss: Math.max(score, 0) - label * score + Math.log1p(Math.exp(-Math.abs(score))),
        derivative: 1 / (1 + Math.exp(-score)) - label,
      };
    case "hinge": {
      const target = 2 * label - 1;
      const value = Math.max(0, parameter - target * score);
      return { loss: value, derivative: value > 0 ? -target : 0 };
    }
    case "squared":
      return { loss: residual ** 2 / 2, derivative: residual };
    case "absolute":
    case "eps-insensitive-absolute": {
      const excess = Math.max(0, distance - (loss === "absolute" ? 0 : parameter));
      return { loss: excess, derivative: excess > 0 ? sign : 0 };
    }
    case "eps-insensitive-squared": {
      const excess = Math.max(0, distance - parameter);
      return { loss: excess ** 2 / 2, derivative: sign * excess };
    }
    case "quantile": {
      const slope = residual < 0 ? -parameter : 1 - parameter;
      return { loss: residual * slope, derivative: slope };
    }
    case "huber": {
      const inner = Math.min(distance, parameter);
      return { loss: inner * (distance - inner / 2), derivative: sign * inner };
    }
  }
}

/** Cross-entropy of the softmax of a row's scores, and its derivatives by them. */
export function softmaxLossAt(
  scores: readonly number[],
  label: number,
): { readonly loss: number; readonly derivatives: readonly number[] } {
  const highest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return {
    loss: Math.log(sum) + highest - (scores[label] ?? 0),
    derivatives: exponentials.map((value, output) => value / sum - (output === label ? 1 : 0)),
  };
}

/** How one weight is moved. */
export interface LinearUpdate {
  readonly optimizer: LinearOptimizer;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly l1: number;
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Keeps Adam and RMSprop from dividing by 0; default 1e-8. */
  readonly epsilon?: number;
}

/** A weight with the two moving averages that optimisers keep of its gradient. */
export interface MovingWeight {
  readonly weight: number;
  readonly first: number;
  readonly second: number;
}

const EPSILON = 1e-8;

/**
 * One step of Adam (Kingma and Ba 2015), RMSprop or SGD, each with weight decay as part of the gradient and momentum;
 * l1 is a proximal step in the optimiser's own metric. `step` counts from 1.
 */
export function moveWeight(
  { weight, first, second }: MovingWeight,
  gradient: number,
  step: number,
  update: LinearUpdate,
): MovingWeight {
  const { optimizer, weightDecay, l1, momentum, beta1, beta2, epsilon = EPSILON } = update;
  const decayed = gradient + weightDecay * weight;
  const nextSecond = optimizer === "sgd" ? 0 : beta2 * second + (1 - beta2) * decayed ** 2;
  const nextFirst = optimizer === "adam" ? beta1 * first + (1 - beta1) * decayed : momentum * first + decayed;
  const correction = optimizer === "adam" ? Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step) : 1;
  const scale = optimizer === "sgd" ? 1 : Math.sqrt(nextSecond) + epsilon;
  const size = (update.learningRate * correction) / scale;
  const moved = weight - size * nextFirst;
  const shrunk = Math.sign(moved) * Math.max(0, Math.abs(moved) - size * l1);
  return { weight: shrunk, first: nextFirst, second: nextSecond };
}
