/** A tree as the kernel grew it; node 0 is the root. */
export interface BoostedTree {
  /** −1 in a leaf. */
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  readonly splitColumns: Uint32Array;
  /** Values below it go left; in a leaf its value, learning rate included. */
  readonly splitConditions: Float32Array;
  readonly defaultLeft: Uint8Array;
  readonly lossChanges: Float32Array;
  readonly sumHessians: Float32Array;
  readonly baseWeights: Float32Array;
  /** By node that splits categories: the bins that go right. */
  readonly rightBins: ReadonlyMap<number, readonly number[]>;
}

/** Where the kernel left a tree. */
export interface TreePlace {
  readonly address: number;
  readonly count: number;
  readonly cuts: number;
  readonly binCounts: number;
}

const WORDS = 40;
const BINS = 256;
const LARGEST = Math.fround(3.4028234663852886e38);
/** Fields of gradient-boosting-memory.as.ts, in words of four bytes. */
const field = {
  left: 0,
  right: 1,
  column: 2,
  defaultLeft: 4,
  bin: 5,
  categorical: 6,
  lossChange: 12,
  categoryBits: 24,
  weight: 32,
  value: 33,
  hessian: 34,
} as const;

/** Copies a tree out of the kernel's memory. */
export function readTree({ buffer }: WebAssembly.Memory, { address, count, cuts, binCounts }: TreePlace): BoostedTree {
  const integers = new Int32Array(buffer, address, count * WORDS);
  const floats = new Float32Array(buffer, address, count * WORDS);
  const doubles = new Float64Array(buffer, address, (count * WORDS) / 2);
  const counts = new Int32Array(buffer, binCounts);
  const allCuts = new Float32Array(buffer, cuts);
  const tree = emptyTree(count);
  for (let node = 0, word = 0; node < count; node += 1, word += WORDS) {
    const left = integers[word];
    tree.leftChildren[node] = left;
    tree.rightChildren[node] = integers[word + field.right];
    tree.sumHessians[node] = floats[word + field.hessian];
    if (left < 0) {
      tree.splitConditions[node] = floats[word + field.value];
      tree.baseWeights[node] = floats[word + field.value];
      continue;
    }
    const column = integers[word + field.column];
    tree.baseWeights[node] = floats[word + field.weight];
    tree.splitColumns[node] = column;
    tree.defaultLeft[node] = integers[word + field.defaultLeft];
    tree.lossChanges[node] = doubles[(word + field.lossChange) / 2];
    if (integers[word + field.categorical] === 1) {
      tree.rightBins.set(node, setBits(integers.subarray(word + field.categoryBits, word + field.categoryBits + 8)));
      continue;
    }
    const bin = integers[word + field.bin];
    if (bin < 0) tree.splitConditions[node] = -LARGEST;
    else if (bin >= counts[column] - 1) tree.splitConditions[node] = LARGEST;
    else tree.splitConditions[node] = allCuts[column * BINS + bin];
  }
  return tree;
}

function emptyTree(count: number) {
  return {
    leftChildren: new Int32Array(count),
    rightChildren: new Int32Array(count),
    splitColumns: new Uint32Array(count),
    splitConditions: new Float32Array(count),
    defaultLeft: new Uint8Array(count),
    lossChanges: new Float32Array(count),
    sumHessians: new Float32Array(count),
    baseWeights: new Float32Array(count),
    rightBins: new Map<number, readonly number[]>(),
  };
}

function setBits(words: Int32Array): readonly number[] {
  return Array.from({ length: words.length * 32 }, (_, bit) => bit).filter(
    (bit) => ((words[bit >> 5] >>> (bit & 31)) & 1) === 1,
  );
}
