import { createMemoryLayout } from "./memory-layout.ts";
import { type KernelThreads, startKernelThreads } from "./threads/kernel-threads.ts";

/** A tree to predict with: numbers only, no categories. */
export interface ForestTree {
  /** −1 in a leaf. */
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  readonly splitColumns: Uint32Array;
  /** Values below it go left; in a leaf its value. */
  readonly splitConditions: Float32Array;
  readonly defaultLeft: Uint8Array;
  /** The output that it adds to. */
  readonly output: number;
  /** How much its values count. */
  readonly weight: number;
}

export interface ForestShape {
  readonly columns: number;
  readonly trees: readonly ForestTree[];
  /** Where each output starts. */
  readonly baseMargins: readonly number[];
  readonly threads: number;
}

/** Trees in the kernel's memory. */
export interface Forest extends Disposable {
  /** Rows that `input` and `margins` have room for. */
  readonly capacity: number;
  /** Rows to predict, one after the other, NaN = missing. */
  readonly input: Float32Array;
  /** The rows' outputs, one row after the other. */
  readonly margins: Float32Array;
  /** Predicts the first rows of the input on the caller's thread. */
  predict(rows: number): void;
  /** The same on all threads. */
  predictTogether(rows: number): Promise<void>;
}

const NODE_WORDS = 4;
const TREE_WORDS = 3;
const BLOCK = 64;
/** Of rows that are predicted in one call. */
const INPUT_BYTES = 4 * 1024 ** 2;
const NEVER = 0xff_ff_ff_ff;

export function createForest({ columns, trees, baseMargins, threads }: ForestShape): Forest {
  const outputs = baseMargins.length;
  const layout = createMemoryLayout();
  const capacity = Math.max(BLOCK, Math.floor(INPUT_BYTES / (4 * Math.max(columns, outputs)) / BLOCK) * BLOCK);
  const nodes = layout.take(trees.reduce((total, { leftChildren }) => total + leftChildren.length, 0) * NODE_WORDS * 4);
  const addresses = {
    trees: layout.take(trees.length * TREE_WORDS * 4),
    baseMargins: layout.take(outputs * 4),
    rowsIn: layout.take(capacity * columns * 4),
    marginsOut: layout.take(capacity * outputs * 4),
  };
  const keyBytes = Math.ceil((BLOCK * columns * 8) / 64) * 64 + 64;
  const keys = layout.take(keyBytes * threads);
  const memory = layout.allocate();
  writeTrees(trees, { memory, nodes, table: addresses.trees, columns });
  new Float32Array(memory.buffer, addresses.baseMargins, outputs).set(baseMargins);
  const team = startKernelThreads({ kernel: "gradient-boosting-prediction", memory, threads });
  team.setGlobals({ ...addresses, columns, outputs, treeCount: trees.length, keys, keyBytes });
  return {
    capacity,
    input: new Float32Array(memory.buffer, addresses.rowsIn, capacity * columns),
    margins: new Float32Array(memory.buffer, addresses.marginsOut, capacity * outputs),
    predict: (rows) => void team.own.call("predict", [0, 0, rows]),
    predictTogether: (rows) => predictShares(team, rows),
    [Symbol.dispose]: () => team[Symbol.dispose](),
  };
}

/** Whole blocks for each thread. */
async function predictShares(team: KernelThreads, rows: number): Promise<void> {
  const share = (thread: number): number => Math.min(rows, Math.ceil(((rows / BLOCK) * thread) / team.count) * BLOCK);
  await team.call("predict", (thread) => [thread, share(thread), share(thread + 1)]);
}

interface TreeTarget {
  readonly memory: WebAssembly.Memory;
  readonly nodes: number;
  readonly table: number;
  readonly columns: number;
}

function writeTrees(trees: readonly ForestTree[], { memory, nodes, table, columns }: TreeTarget): void {
  const entries = new Uint32Array(memory.buffer, table, trees.length * TREE_WORDS);
  let address = nodes;
  for (const [index, tree] of trees.entries()) {
    const depth = writeTree(tree, { memory, nodes: address, table, columns });
    entries.set([address, depth, tree.output], index * TREE_WORDS);
    address += tree.leftChildren.length * NODE_WORDS * 4;
  }
}

/** Level by level, so that siblings are neighbours; the tree's depth. */
function writeTree(tree: ForestTree, { memory, nodes, columns }: TreeTarget): number {
  const { leftChildren, rightChildren, splitColumns, splitConditions, defaultLeft } = tree;
  const words = new Uint32Array(memory.buffer, nodes, leftChildren.length * NODE_WORDS);
  const values = new Float32Array(memory.buffer, nodes, leftChildren.length * NODE_WORDS);
  const order = [0];
  const depths = [0];
  for (let place = 0; place < order.length; place += 1) {
    const node = order[place];
    const word = place * NODE_WORDS;
    if (leftChildren[node] < 0) {
      words.set([0, NEVER, nodes + word * 4], word);
      values[word + 3] = tree.weight * splitConditions[node];
      continue;
    }
    const goesLeft = defaultLeft[node] === 1;
    const offset = 4 * (splitColumns[node] + (goesLeft ? 0 : columns));
    words.set([offset, keyOf(splitConditions[node]) - (goesLeft ? 0 : 1), nodes + order.length * NODE_WORDS * 4], word);
    order.push(leftChildren[node], rightChildren[node]);
    depths.push(depths[place] + 1, depths[place] + 1);
  }
  return depths.at(-1) ?? 0;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Integers in the order of the numbers; both zeros are one. */
function keyOf(value: number): number {
  float[0] = value + 0;
  const [pattern] = bits;
  return pattern >>> 31 === 1 ? ~pattern >>> 0 : (pattern | 0x80_00_00_00) >>> 0;
}
