import type { BoostingLayout } from "./gradient-boosting-layout.ts";

/** A tree in the kernel's memory, whose rows were divided by so many threads. */
export interface DividedTree {
  readonly rows: number;
  readonly threads: number;
  readonly leftChildren: Int32Array;
}

/** The rows of each leaf, each thread's in ascending order. */
export function readLeafRows(
  { buffer }: WebAssembly.Memory,
  { addresses, segmentBytes }: BoostingLayout,
  { rows, threads, leftChildren }: DividedTree,
): ReadonlyMap<number, Uint32Array> {
  const listed = new Uint32Array(buffer, addresses.rowIndexes, rows);
  const result = new Map<number, Uint32Array>();
  // The root's rows are all rows, in order, and not listed.
  if (leftChildren[0] < 0)
    return result.set(
      0,
      Uint32Array.from({ length: rows }, (_, row) => row),
    );
  for (const [node, left] of leftChildren.entries()) {
    if (left >= 0) continue;
    const parts = Array.from({ length: threads }, (_, thread) => {
      const [begin = 0, end = 0] = new Int32Array(buffer, addresses.segments + thread * segmentBytes + node * 8, 2);
      return listed.subarray(begin, end);
    });
    result.set(node, joined(parts));
  }
  return result;
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((total, { length }) => total + length, 0));
  let next = 0;
  for (const part of parts) {
    whole.set(part, next);
    next += part.length;
  }
  return whole;
}
