// Word vectors by negative sampling: word2vec's skipgram and cbow (Mikolov et al. 2013) as fastText computes them, with
// character n-grams (Bojanowski et al. 2017), and skipgram in batches that share their negatives (Ji et al. 2016). One
// call learns many lines. AssemblyScript, SIMD over blocks of 16 floats and a rest in blocks of 4. The scalar reference
// beside it, word-vectors.ts, does the same operations in the same order, so that both give the same bytes;
// word-vectors-layout.ts says what lies where in the shared memory.

import { countTokens, currentRate, isTargetReached } from "./learning-schedule.as";
import { average, combine, dot, scatter } from "./listed-rows.as";
import { below, fillRows, scaledBelow, unit } from "./minstd-rand.as";

export { control, learningRate, totalTokens, updateRate } from "./learning-schedule.as";
export { randomState } from "./minstd-rand.as";

/* oxlint-disable max-params -- a kernel's functions take addresses and sizes, not objects */
/* oxlint-disable prefer-const -- each thread's host sets these globals of its instance before the first call */
export let cbow: i32 = 0;
export let batchSize: i32 = 0;
export let stride: i32 = 0;
export let dim: i32 = 0;
export let contextWindow: i32 = 0;
export let negatives: i32 = 0;
export let negativeScale: u32 = 1;
export let negativeLimit: u32 = 0;
export let sigmoidTable: usize = 0;
export let lossTable: usize = 0;
export let keptShares: usize = 0;
export let negativeStarts: usize = 0;
export let negativeGuide: usize = 0;
export let subwordStarts: usize = 0;
export let subwordRows: usize = 0;
export let subwordSpreads: usize = 0;
export let input: usize = 0;
export let output: usize = 0;
export let line: usize = 0;
export let features: usize = 0;
export let targets: usize = 0;
export let factors: usize = 0;
export let copies: usize = 0;
export let batch: usize = 0;
export let hidden: usize = 0;
export let gradient: usize = 0;
export let total: usize = 0;
export let lossSum: f64 = 0;
export let lossCount: f64 = 0;

const HEADER: usize = 8;
/** Slots of the table of negatives that share an entry of the guide to it, as a power of two. */
const GUIDE_SHIFT: u32 = 6;

/** Fills elements of the input matrix, counted without padding. */
export function initialise(from: f64, to: f64, bound: f64): void {
  fillRows(input, stride, dim, from, to, bound);
}

function rowBytes(): usize {
  return (<usize>stride) << 2;
}

/** Bytes of a row that are not padding, in whole blocks of 4 floats. */
function usedBytes(): usize {
  return (<usize>((dim + 3) >> 2)) << 4;
}

/** Writes the words of a line that are kept, frequent ones less often, to `line`; returns how many. */
function subsample(record: usize): i32 {
  const start = record + HEADER;
  const end = start + (load<u32>(record, 4) << 2);
  let next = line;
  for (let address = start; address < end; address += 4) {
    const word = load<u32>(address);
    if (<f32>unit() > load<f32>(keptShares + (word << 2))) continue;
    store<u32>(next, word);
    next += 4;
  }
  return <i32>((next - line) >> 2);
}

/** A word by its share of the table of negatives, other than `target`. */
function drawNegative(target: u32): u32 {
  let word: u32;
  do {
    const slot = scaledBelow(negativeScale, negativeLimit);
    word = load<u32>(negativeGuide + ((slot >> GUIDE_SHIFT) << 2));
    while (load<u32>(negativeStarts + (word << 2), 4) <= slot) word++;
  } while (word === target);
  return word;
}

/** Appends the addresses of the rows that a word stands for to the list that ends at `next`; returns its new end. */
function gather(word: u32, next: usize): usize {
  if (subwordStarts === 0) {
    store<u32>(next, <u32>(input + <usize>word * rowBytes()));
    return next + 4;
  }
  const last = load<u32>(subwordStarts + (word << 2), 4);
  for (let index = load<u32>(subwordStarts + (word << 2)); index < last; index++, next += 4) {
    const row: usize = load<u32>(subwordRows + ((<usize>index) << 2));
    store<u32>(next, <u32>(input + row * rowBytes()));
  }
  return next;
}

/** fastText's sigmoid: a table of 512 steps over [−8, 8]. */
function sigmoid(x: f32): f32 {
  if (x < -8) return 0;
  if (x > 8) return 1;
  return load<f32>(sigmoidTable + ((<usize>(<i32>((x + 8) * 32))) << 2));
}

/** What the rows of a decision are moved by: rate · (label − sigmoid(score)). Adds the decision's loss. */
function decide(score: f32, positive: bool, rate: f32): f32 {
  const margin: f32 = positive ? score : -score;
  const step: i32 = margin < -8 ? 0 : margin > 8 ? 512 : <i32>((margin + 8) * 32);
  lossSum += <f64>load<f32>(lossTable + ((<usize>step) << 2));
  return rate * ((positive ? <f32>1 : <f32>0) - sigmoid(score));
}

/** Writes the addresses of the output rows of the target and its negatives to `targets`; returns their end. */
function drawTargets(target: u32): usize {
  store<u32>(targets, <u32>(output + <usize>target * rowBytes()));
  let next = targets + 4;
  for (let draw = 0; draw < negatives; draw++, next += 4) {
    store<u32>(next, <u32>(output + <usize>drawNegative(target) * rowBytes()));
  }
  lossCount += 1;
  return next;
}

/** Where the first row appears again that is already in the list from `from` to `end`, or `end`. */
function endOfDistinct(from: usize, end: usize): usize {
  for (let next = from + 4; next < end; next += 4) {
    const row = load<u32>(next);
    for (let earlier = from; earlier < next; earlier += 4) if (load<u32>(earlier) === row) return next;
  }
  return end;
}

/**
 * Moves the target and its negatives by the hidden vector, one after the other, and leaves what they move it by in
 * `gradient`. Rows that differ do not see each other's moves, so that they are learned side by side.
 */
function learnTargets(target: u32, rate: f32): void {
  const end = drawTargets(target);
  const bytes = usedBytes();
  memory.fill(gradient, 0, bytes);
  for (let from = targets; from < end; ) {
    const to = endOfDistinct(from, end);
    for (let next = from; next < to; next += 4) {
      store<f32>(
        factors + (next - targets),
        decide(dot(hidden, <usize>load<u32>(next), bytes), next === targets, rate),
      );
    }
    pull(from, to);
    from = to;
  }
}

/** For each row from `from` to `to`: gradient += factor · row, then row += factor · hidden. */
function pull(from: usize, to: usize): void {
  const bytes = usedBytes();
  const toFactors = factors - targets;
  let block: usize = 0;
  for (; block + 64 <= bytes; block += 64) {
    const h0 = v128.load(hidden + block);
    const h1 = v128.load(hidden + block, 16);
    const h2 = v128.load(hidden + block, 32);
    const h3 = v128.load(hidden + block, 48);
    let g0 = v128.load(gradient + block);
    let g1 = v128.load(gradient + block, 16);
    let g2 = v128.load(gradient + block, 32);
    let g3 = v128.load(gradient + block, 48);
    for (let next = from; next < to; next += 4) {
      const factor = v128.load32_splat(next + toFactors);
      const row: usize = <usize>load<u32>(next) + block;
      const a = v128.load(row);
      const b = v128.load(row, 16);
      const c = v128.load(row, 32);
      const d = v128.load(row, 48);
      g0 = f32x4.add(g0, f32x4.mul(factor, a));
      g1 = f32x4.add(g1, f32x4.mul(factor, b));
      g2 = f32x4.add(g2, f32x4.mul(factor, c));
      g3 = f32x4.add(g3, f32x4.mul(factor, d));
      v128.store(row, f32x4.add(a, f32x4.mul(factor, h0)));
      v128.store(row, f32x4.add(b, f32x4.mul(factor, h1)), 16);
      v128.store(row, f32x4.add(c, f32x4.mul(factor, h2)), 32);
      v128.store(row, f32x4.add(d, f32x4.mul(factor, h3)), 48);
    }
    v128.store(gradient + block, g0);
    v128.store(gradient + block, g1, 16);
    v128.store(gradient + block, g2, 32);
    v128.store(gradient + block, g3, 48);
  }
  for (; block < bytes; block += 16) {
    const h = v128.load(hidden + block);
    let g = v128.load(gradient + block);
    for (let next = from; next < to; next += 4) {
      const factor = v128.load32_splat(next + toFactors);
      const row: usize = <usize>load<u32>(next) + block;
      const a = v128.load(row);
      g = f32x4.add(g, f32x4.mul(factor, a));
      v128.store(row, f32x4.add(a, f32x4.mul(factor, h)));
    }
    v128.store(gradient + block, g);
  }
}

/**
 * The center word's rows learn from each word of its context in turn. They are written once for the whole context; until
 * then the hidden vector moves as their mean would: by the gradient, more where a row counts several times.
 */
function learnSkipgram(center: i32, first: i32, last: i32, rate: f32): void {
  const word = load<u32>(line + ((<usize>center) << 2));
  const end = gather(word, features);
  const spread = f32x4.splat(subwordStarts === 0 ? <f32>1 : load<f32>(subwordSpreads + (word << 2)));
  const bytes = usedBytes();
  average(hidden, features, end, bytes);
  memory.fill(total, 0, bytes);
  for (let position = first; position <= last; position++) {
    if (position === center) continue;
    learnTargets(load<u32>(line + ((<usize>position) << 2)), rate);
    for (let block: usize = 0; block < bytes; block += 16) {
      const change = v128.load(gradient + block);
      v128.store(total + block, f32x4.add(v128.load(total + block), change));
      v128.store(hidden + block, f32x4.add(v128.load(hidden + block), f32x4.mul(change, spread)));
    }
  }
  scatter(total, features, end, bytes);
}

/** The mean of the context's rows learns the center word. */
function learnCbow(center: i32, first: i32, last: i32, rate: f32): void {
  let end = features;
  for (let position = first; position <= last; position++) {
    if (position !== center) end = gather(load<u32>(line + ((<usize>position) << 2)), end);
  }
  if (end === features) return;
  const bytes = usedBytes();
  average(hidden, features, end, bytes);
  learnTargets(load<u32>(line + ((<usize>center) << 2)), rate);
  scatter(gradient, features, end, bytes);
}

/** The context's words learn the center word, up to `batchSize` of them at a time with the same negatives. */
function learnBatches(center: i32, first: i32, last: i32, rate: f32): void {
  let end = features;
  for (let position = first; position <= last; position++) {
    if (position !== center) end = gather(load<u32>(line + ((<usize>position) << 2)), end);
  }
  const target = load<u32>(line + ((<usize>center) << 2));
  for (let from = features, bytes = (<usize>batchSize) << 2; from < end; from += bytes) {
    learnBatch(from, min(from + bytes, end), drawTargets(target), rate);
  }
}

/** All decisions are made by the rows as they were before any of them moves: two small matrix products. */
function learnBatch(from: usize, to: usize, end: usize, rate: f32): void {
  const bytes = usedBytes();
  let copy = batch;
  let factor = factors;
  let copiesEnd = copies;
  for (let feature = from; feature < to; feature += 4, copy += rowBytes(), copiesEnd += 4) {
    memory.copy(copy, <usize>load<u32>(feature), bytes);
    store<u32>(copiesEnd, <u32>copy);
    for (let next = targets; next < end; next += 4, factor += 4) {
      store<f32>(factor, decide(dot(copy, <usize>load<u32>(next), bytes), next === targets, rate));
    }
  }
  const width = end - targets;
  factor = factors;
  for (let feature = from; feature < to; feature += 4, factor += width) {
    combine(<usize>load<u32>(feature), targets, end, factor, 4, bytes);
  }
  factor = factors;
  for (let next = targets; next < end; next += 4, factor += 4) {
    combine(<usize>load<u32>(next), copies, copiesEnd, factor, width, bytes);
  }
}

function learn(record: usize, rate: f32): void {
  const count = subsample(record);
  for (let center = 0; center < count; center++) {
    const reach = <i32>below(contextWindow) + 1;
    const first = max(0, center - reach);
    const last = min(count - 1, center + reach);
    if (cbow) learnCbow(center, first, last, rate);
    else if (batchSize > 0) learnBatches(center, first, last, rate);
    else learnSkipgram(center, first, last, rate);
  }
}

/**
 * Learns the lines from `record` to `end`, until the tokens of all threads reach the target; returns where it stopped.
 */
export function train(record: usize, end: usize): usize {
  while (record < end && !isTargetReached()) {
    learn(record, currentRate());
    countTokens(load<i32>(record));
    record += HEADER + (load<u32>(record, 4) << 2);
  }
  return record;
}
