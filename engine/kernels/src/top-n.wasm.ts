import { createMemoryPlacement, type MemoryPlacement } from "./memory-placement.ts";
import { type KernelRun, sliceByCost } from "./row-slices.ts";
import type { SparseRows } from "./sparse-rows.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";
import type { RankedUsers, TopNProblem } from "./top-n.ts";

/** Multiplications of one call: some 50 ms on one thread. */
const BUDGET = 5e7;

/** The best items of every user, on any number of threads the same. Throws RangeError for what exceeds 4 GiB. */
export async function rankUsers(problem: TopNProblem, { threads, signal }: KernelRun): Promise<RankedUsers> {
  const { users, items } = problem;
  const count = Math.min(problem.count, items);
  const place = createMemoryPlacement();
  const { globals: scoreGlobals, costOf } = placeScores(problem, place);
  const globals = {
    items,
    count,
    ...scoreGlobals,
    offsets: place.copy(problem.offsets),
    excludedStarts: place.copy(problem.excluded?.starts),
    excludedItems: place.copy(problem.excluded?.columnIndexes),
    allowed: place.copy(problem.allowed),
    nextUser: place.reserve(4),
    rankedItems: place.reserve(users * count * 4),
    rankedScores: place.reserve(users * count * 4),
    rankedCounts: place.reserve(users * 4),
  };
  const workspaceBytes = Math.ceil(items / 4) * 64 + (4 * count + 64) * 8;
  const workspaces = Array.from({ length: threads }, () => place.reserve(workspaceBytes));
  const memory = place.allocate();
  using team = startKernelThreads({ kernel: "top-n", memory, threads });
  team.setGlobals(globals);
  const nextUser = new Int32Array(memory.buffer, globals.nextUser, 1);
  for await (const { first, end } of sliceByCost({ rows: users, costOf, budget: BUDGET, alignment: 4 }, signal)) {
    nextUser[0] = 0;
    await team.call("rankUsers", (thread) => [first, end, workspaces[thread] ?? 0]);
  }
  return {
    count,
    counts: new Uint32Array(memory.buffer, globals.rankedCounts, users).slice(),
    items: new Uint32Array(memory.buffer, globals.rankedItems, users * count).slice(),
    scores: new Float32Array(memory.buffer, globals.rankedScores, users * count).slice(),
  };
}

interface PlacedScores {
  readonly globals: Readonly<Record<string, number>>;
  costOf(user: number): number;
}

function placeScores({ users, items, scores }: TopNProblem, place: MemoryPlacement): PlacedScores {
  if (scores.kind === "factors") {
    const { stride, userFactors, itemFactors } = scores;
    // The kernel reads whole blocks of 4 users.
    const padded = new Float32Array(Math.ceil(users / 4) * 4 * stride);
    padded.set(userFactors.subarray(0, users * stride));
    const globals = { stride, userFactors: place.copy(padded), itemFactors: place.copy(itemFactors) };
    return { globals, costOf: () => items * stride };
  }
  const { histories, weights } = scores;
  const globals = {
    weightStarts: place.copy(weights.starts),
    weightItems: place.copy(weights.columnIndexes),
    weights: place.copy(valuesOf(weights)),
    historyStarts: place.copy(histories.starts),
    historyItems: place.copy(histories.columnIndexes),
    historyWeights: place.copy(valuesOf(histories)),
  };
  const costOf = (user: number): number => {
    let cost = items;
    for (let event = histories.starts[user]; event < histories.starts[user + 1]; event += 1) {
      const item = histories.columnIndexes[event];
      cost += weights.starts[item + 1] - weights.starts[item];
    }
    return cost;
  };
  return { globals, costOf };
}

function valuesOf({ columnIndexes, values }: SparseRows): Float32Array {
  return values ?? new Float32Array(columnIndexes.length).fill(1);
}
