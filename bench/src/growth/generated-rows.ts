import { sharedFloats, type Table } from "@rondo/learn";

export const GENERATED_COLUMNS = 20;
const SEED = 42;
/** Each row takes one number more than it has columns: the label is drawn by it. */
const DRAWS = GENERATED_COLUMNS + 1;

/**
 * Rows of uniform numbers with a label in {0, 1} whose odds are a smooth function of some columns, steps of others and products; 12 columns say nothing. The
 * same rows as `boosting_peer.py` makes for gen100k and gen1m, written straight into shared memory.
 */
export function generateRows(rows: number): Table {
  const values = sharedFloats(rows * GENERATED_COLUMNS);
  const labels = sharedFloats(rows);
  const draws = new Float64Array(DRAWS);
  for (let row = 0; row < rows; row += 1) {
    for (let draw = 0; draw < DRAWS; draw += 1) draws[draw] = mulberry32(row * DRAWS + draw);
    values.set(draws.subarray(0, GENERATED_COLUMNS), row * GENERATED_COLUMNS);
    labels[row] = draws[GENERATED_COLUMNS]! < 1 / (1 + Math.exp(-logOdds(draws))) ? 1 : 0;
  }
  return { features: { kind: "dense", rows, columns: GENERATED_COLUMNS, values }, labels };
}

function logOdds(draws: Float64Array): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = draws;
  const wave = 4 * Math.sin(6 * a * b) + 8 * (c - 0.5) ** 2 + 3 * d;
  return wave - (e > f ? 2 : 0) + (h > 0.5 ? 2 * g : 0) - 4.2;
}

/** Number k of Tommy Ettinger's mulberry32, from 0, uniform in [0, 1): its state is a counter, so that any number can be had at once. */
function mulberry32(k: number): number {
  const state = (SEED + Math.imul(k + 1, 0x6d2b79f5)) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
