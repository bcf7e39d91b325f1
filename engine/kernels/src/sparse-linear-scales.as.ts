// Naive-Bayes log-count ratios as scales of the features (Wang & Manning 2012), for sparse-linear.as.ts.

import { features, indexes, pairs, rowStart, rows, signOf, values } from "./sparse-linear-rows.as";

let ratios: usize = 0;
let scales: usize = 0;
/** 0 = features keep the scales that they have, 1 = the ratios alone. */
export let naiveBayes: f64 = 0;
export let interpolation: f64 = 1;
/** The row up to which the current phase has come. */
let position: i32 = 0;
let ratioFactor: f64 = 1;
let plainSum: f64 = 0;
let ratioSum: f64 = 0;

export function attachRatios(ratiosAt: usize): void {
  ratios = ratiosAt;
}

export function openScales(scalesAt: usize, naiveBayesShare: f64, interpolationShare: f64): void {
  scales = scalesAt;
  naiveBayes = naiveBayesShare;
  interpolation = interpolationShare;
  position = 0;
  plainSum = 0;
  ratioSum = 0;
}

/** Whether the rows of this phase are done; the next one begins with the first. */
export function isPhaseDone(): bool {
  if (position < rows) return false;
  position = 0;
  return true;
}

/** Counts how often each feature is in positive rows (in place of its weight) and in all (in place of its scale). */
export function count(budget: i64): i64 {
  let work: i64 = 0;
  for (; position < rows && work < budget; position++) {
    const sign = signOf(position);
    if (sign === 0) continue;
    const positive: f32 = sign > 0 ? 1 : 0;
    const end = rowStart(position + 1);
    const start = rowStart(position);
    for (let at = start; at < end; at += 4) {
      const pair = pairs + ((<usize>load<u32>(indexes + at)) << 3);
      store<f32>(pair, load<f32>(pair) + positive);
      store<f32>(pair, load<f32>(pair, 4) + 1, 4);
    }
    work += ((end - start) >> 2) + 1;
  }
  if (position === rows) {
    takeRatios();
    work += features;
  }
  return work;
}

/** r_j = log(p_j ÷ Σp) − log(q_j ÷ Σq) with p, q = 1 + the counts of the positive and of the negative rows. */
function takeRatios(): void {
  let positives: f64 = 0;
  let negatives: f64 = 0;
  for (let feature: usize = 0; feature < <usize>features; feature++) {
    const pair = pairs + (feature << 3);
    const total: f64 = load<f32>(pair, 4);
    if (total === 0) continue;
    const positive: f64 = load<f32>(pair);
    positives += 1 + positive;
    negatives += 1 + total - positive;
  }
  const shift = Math.log(negatives) - Math.log(positives);
  for (let feature: usize = 0; feature < <usize>features; feature++) {
    const pair = pairs + (feature << 3);
    const total: f64 = load<f32>(pair, 4);
    const positive: f64 = load<f32>(pair);
    const ratio = total === 0 ? 0 : Math.log((1 + positive) / (1 + total - positive)) + shift;
    store<f32>(ratios + (feature << 2), <f32>ratio);
  }
}

/** Sums the squares of the rows without and with the ratios, by which both become equally large on average. */
export function spread(budget: i64): i64 {
  let work: i64 = 0;
  for (; position < rows && work < budget; position++) {
    if (signOf(position) === 0) continue;
    const end = rowStart(position + 1);
    const start = rowStart(position);
    let plain: f32 = 0;
    let withRatios: f32 = 0;
    for (let at = start; at < end; at += 4) {
      const feature: usize = (<usize>load<u32>(indexes + at)) << 2;
      const value = load<f32>(values + at);
      const ratio = load<f32>(ratios + feature);
      const square = value * value * load<f32>(scales + feature);
      plain += square;
      withRatios += square * ratio * ratio;
    }
    plainSum += plain;
    ratioSum += withRatios;
    work += ((end - start) >> 2) + 1;
  }
  if (position === rows) {
    ratioFactor = ratioSum > 0 ? plainSum / ratioSum : 0;
    mixScales();
    work += features;
  }
  return work;
}

export function mixScales(): void {
  for (let feature: usize = 0; feature < <usize>features; feature++) {
    let mixed: f64 = load<f32>(scales + (feature << 2));
    if (naiveBayes > 0) {
      const ratio: f64 = load<f32>(ratios + (feature << 2));
      mixed *= 1 - naiveBayes + naiveBayes * ratio * ratio * ratioFactor;
    }
    store<f32>(pairs + (feature << 3), 0);
    store<f32>(pairs + (feature << 3), <f32>mixed, 4);
  }
}

/** w′ = β w + (1 − β) mean|w|, in the space of the ratios (Wang & Manning 2012, equation 6). */
export function interpolate(): void {
  let sum: f64 = 0;
  let counted: f64 = 0;
  for (let feature: usize = 0; feature < <usize>features; feature++) {
    const scale: f64 = load<f32>(pairs + (feature << 3), 4);
    if (scale <= 0) continue;
    sum += Math.abs(<f64>load<f32>(pairs + (feature << 3))) / Math.sqrt(scale);
    counted += 1;
  }
  const share = counted > 0 ? ((1 - interpolation) * sum * Math.sqrt(ratioFactor)) / counted : 0;
  for (let feature: usize = 0; feature < <usize>features; feature++) {
    const pair = pairs + (feature << 3);
    const ratio: f64 = load<f32>(ratios + (feature << 2));
    const scale: f64 = load<f32>(scales + (feature << 2));
    store<f32>(pair, <f32>(interpolation * <f64>load<f32>(pair) + share * ratio * Math.sqrt(scale)));
  }
}
