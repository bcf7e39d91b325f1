import { type FactorProblem, type FactorRows, strideOf } from "./least-squares.ts";
import { createMemoryPlacement } from "./memory-placement.ts";
import { type KernelRun, sliceByCost } from "./row-slices.ts";
import { type SparseRows, transposeRows } from "./sparse-rows.ts";
import { type KernelThreads, startKernelThreads } from "./threads/kernel-threads.ts";

/** Multiplications of one call: some 50 ms on one thread. */
const BUDGET = 6e8;
const BATCH = 16;
/** Given rows of which a gram matrix is summed apart, so that the sum does not depend on the threads. */
const GRAM_ROWS = 2048;

/** Users and items in a kernel's memory, ready to be solved in turn. */
export interface FactorSolver extends Disposable {
  /** The arrays that the solver works on: start values are written into them. */
  readonly users: FactorRows;
  readonly items: FactorRows;
  /** Users from the items' factors; the same on any number of threads. */
  solveUsers(signal?: AbortSignal): Promise<void>;
  solveItems(signal?: AbortSignal): Promise<void>;
}

/** Throws RangeError where everything exceeds 4 GiB. */
export function openFactorSolver(problem: FactorProblem, { threads }: Pick<KernelRun, "threads">): FactorSolver {
  const { byUser, factors, solver, steps } = problem;
  const stride = strideOf(factors);
  const byItem = transposeRows(byUser);
  const exact = solver === "cholesky";
  const gramBytes = stride * stride * 4;
  const place = createMemoryPlacement();
  const gramBlocks = Math.ceil(Math.max(byUser.rows, byUser.columns) / GRAM_ROWS);
  const users = placeSide(place, byUser, problem.userPenalties, stride);
  const items = placeSide(place, byItem, problem.itemPenalties, stride);
  const gram = place.reserve(gramBytes);
  const packedGram = place.reserve(gramBytes);
  const partialGrams = place.reserve(gramBytes * gramBlocks);
  const nextRow = place.reserve(4);
  const workspaceBytes = stride * 4 * (4 + 3 * BATCH) + (exact ? stride * 4 * (stride + 1) : 0);
  const workspaces = Array.from({ length: threads }, () => place.reserve(workspaceBytes));
  const memory = place.allocate();
  const team = startKernelThreads({ kernel: "least-squares", memory, threads });
  team.setGlobals({ stride, gram, packedGram, partialGrams, steps, exact: Number(exact), nextRow });
  const opened = { team, workspaces, counter: new Int32Array(memory.buffer, nextRow, 1), stride, exact };
  const rowsOf = ({ address, rows }: PlacedSide): FactorRows => ({
    rows: rows.rows,
    stride,
    values: new Float32Array(memory.buffer, address, rows.rows * stride),
  });
  return {
    users: rowsOf(users),
    items: rowsOf(items),
    solveUsers: (signal) => solveSide(opened, users, items, signal),
    solveItems: (signal) => solveSide(opened, items, users, signal),
    [Symbol.dispose]: () => team[Symbol.dispose](),
  };
}

interface PlacedSide {
  readonly rows: SparseRows;
  /** Of the factors. */
  readonly address: number;
  readonly globals: Readonly<Record<"starts" | "columns" | "confidences" | "penalties", number>>;
}

function placeSide(
  place: ReturnType<typeof createMemoryPlacement>,
  rows: SparseRows,
  penalties: Float32Array,
  stride: number,
): PlacedSide {
  const globals = {
    starts: place.copy(rows.starts),
    columns: place.copy(rows.columnIndexes),
    confidences: place.copy(rows.values),
    penalties: place.copy(penalties),
  };
  return { rows, address: place.reserve(rows.rows * stride * 4), globals };
}

interface OpenedSolver {
  readonly team: KernelThreads;
  readonly workspaces: readonly number[];
  readonly counter: Int32Array;
  readonly stride: number;
  readonly exact: boolean;
}

async function solveSide(
  { team, workspaces, counter, stride, exact }: OpenedSolver,
  solved: PlacedSide,
  given: PlacedSide,
  signal: AbortSignal | undefined,
): Promise<void> {
  team.setGlobals({ solved: solved.address, given: given.address, ...solved.globals });
  await team.call("openWorkspace", (thread) => [workspaces[thread] ?? 0]);
  counter[0] = 0;
  await team.call("gramOfBlocks", () => [given.rows.rows]);
  team.own.call("sumGrams", [given.rows.rows]);
  const { rows, starts } = solved.rows;
  const costOf = (row: number): number => {
    const connections = starts[row + 1] - starts[row];
    if (exact) return stride * stride * (connections / 2 + stride / 6);
    return 8 * stride * (stride + connections);
  };
  for await (const { first, end } of sliceByCost({ rows, costOf, budget: BUDGET, alignment: BATCH }, signal)) {
    counter[0] = 0;
    await team.call("solveRows", () => [first, end]);
  }
}

/** Scores of items for a history that was not trained on: one row is solved, then multiplied with all items' factors. */
export interface FactorScorer {
  /** A user's factors for confidences above 1 in some items; overwritten by the next call. */
  solve(connections: FactorConnections): Float32Array;
  /** Of every item, for these factors; overwritten by the next call. */
  multiply(factors: Float32Array): Float32Array;
}

export interface FactorConnections {
  readonly columns: Uint32Array;
  readonly confidences: Float32Array;
  readonly penalty: number;
}

/** Works on the caller's thread alone: for one user at a time. `longest` is the length of the longest history. */
export function openFactorScorer(items: FactorRows, steps: number, longest: number): FactorScorer {
  const { rows, stride, values } = items;
  const place = createMemoryPlacement();
  const given = place.copy(values);
  const connections = { columns: place.reserve(longest * 4), confidences: place.reserve(longest * 4) };
  const gramBytes = stride * stride * 4;
  const globals = {
    stride,
    steps,
    exact: 0,
    given,
    solved: place.reserve(stride * 4),
    starts: place.reserve(8),
    penalties: place.reserve(4),
    gram: place.reserve(gramBytes),
    packedGram: place.reserve(gramBytes),
    nextRow: place.reserve(4),
    partialGrams: place.reserve(gramBytes * Math.ceil(rows / GRAM_ROWS)),
  };
  const workspace = place.reserve(stride * 4 * (4 + 3 * BATCH));
  const scores = place.reserve(rows * 4);
  const memory = place.allocate();
  const { own } = startKernelThreads({ kernel: "least-squares", memory, threads: 1 });
  own.setGlobals({ ...globals, ...connections });
  own.call("openWorkspace", [workspace]);
  own.call("gramOfBlocks", [rows]);
  own.call("sumGrams", [rows]);
  const view = new DataView(memory.buffer);
  const solved = new Float32Array(memory.buffer, globals.solved, stride);
  return {
    solve({ columns, confidences, penalty }) {
      if (columns.length > longest)
        throw new RangeError(`The history has ${columns.length} items, more than ${longest}.`);
      new Uint32Array(memory.buffer, connections.columns, columns.length).set(columns);
      new Float32Array(memory.buffer, connections.confidences, columns.length).set(confidences);
      view.setUint32(globals.starts + 4, columns.length, true);
      view.setFloat32(globals.penalties, penalty, true);
      view.setInt32(globals.nextRow, 0, true);
      solved.fill(0);
      own.call("solveRows", [0, 1]);
      return solved;
    },
    multiply(factors) {
      if (factors !== solved) solved.set(factors);
      own.call("multiplyRows", [globals.solved, rows, scores]);
      return new Float32Array(memory.buffer, scores, rows);
    },
  };
}
