import { setImmediate } from "node:timers/promises";
import type { SparseLinearSettings } from "./sparse-linear.ts";
import type { SparseLinearArea, SparseLinearMemory } from "./sparse-linear-layout.ts";
import type { KernelThreads } from "./threads/kernel-threads.ts";
import { startKernelThreads } from "./threads/kernel-threads.ts";

/** One problem: a matrix of the memory, which rows belong to it, and who takes the result. */
export interface SparseLinearJob {
  readonly matrix: number;
  readonly settings: SparseLinearSettings;
  /** Fills one sign per row. */
  sign(signs: Int8Array): void;
  /** Called once, on the caller's thread; the arrays are good until it returns. */
  collect(solved: SolvedJob): void;
}

export interface SolvedJob {
  /** Weight of each feature at twice its index. */
  readonly pairs: Float32Array;
  readonly bias: number;
  /** Of the rows whose sign is 0. */
  readonly scores: Float32Array;
  readonly iterations: number;
}

export interface SparseLinearControl {
  /** Called after each slice of work; throw to give up. */
  onSlice?(solved: number): void;
  /** Aborted: every problem makes one pass more and ends. */
  readonly stop?: AbortSignal;
}

export interface SparseLinearTeam extends Disposable {
  /** Solves the problems, as many at a time as there are threads. A problem's result does not depend on the thread that solved it. */
  solve(jobs: readonly SparseLinearJob[], control?: SparseLinearControl): Promise<void>;
}

/** Matrix entries of one slice: some 30 ms. */
const SLICE_ENTRIES = 8_000_000;

export function startSparseLinear(memory: SparseLinearMemory): SparseLinearTeam {
  const team = startKernelThreads({ kernel: "sparse-linear", memory: memory.memory, threads: memory.areas.length });
  return {
    solve: (jobs, control = {}) => solve(team, memory, jobs, control),
    [Symbol.dispose]: () => team[Symbol.dispose](),
  };
}

async function solve(
  team: KernelThreads,
  memory: SparseLinearMemory,
  jobs: readonly SparseLinearJob[],
  { onSlice, stop }: SparseLinearControl,
): Promise<void> {
  const areaOf = (thread: number): SparseLinearArea => memory.areas[thread] as SparseLinearArea;
  const rows = areaOf(0).signs.length;
  await team.call("attach", (thread) => [rows, ...areaOf(thread).addresses]);
  const current: (SparseLinearJob | undefined)[] = Array.from({ length: team.count }, () => undefined);
  let next = 0;
  let solved = 0;
  let isCurtailed = false;
  while (solved < jobs.length) {
    const started = current.map((job, thread) => {
      if (job !== undefined || next >= jobs.length) return false;
      const taken = jobs[next++] as SparseLinearJob;
      current[thread] = taken;
      taken.sign(areaOf(thread).signs);
      return true;
    });
    if (started.includes(true)) {
      await team.call("beginIf", (thread) =>
        started[thread] ? [1, ...beginArguments(memory, current[thread] as SparseLinearJob, stop)] : [0],
      );
    }
    if (stop?.aborted && !isCurtailed) {
      isCurtailed = true;
      await team.call("curtail");
    }
    const ended = await team.call("advance", () => [SLICE_ENTRIES]);
    for (const [thread, job] of current.entries()) {
      if (job === undefined || ended[thread] === 0) continue;
      const { pairs, scores, outcome } = areaOf(thread);
      const [bias = 0, iterations = 0] = outcome;
      job.collect({ pairs, scores, bias, iterations });
      current[thread] = undefined;
      solved++;
    }
    onSlice?.(solved);
    await setImmediate();
  }
}

function beginArguments(
  memory: SparseLinearMemory,
  { matrix, settings }: SparseLinearJob,
  stop: AbortSignal | undefined,
): readonly number[] {
  const { features, addresses } = memory.matrices[matrix] as SparseLinearMemory["matrices"][number];
  return [
    features,
    ...addresses,
    settings.loss === "svm" ? 0 : 1,
    settings.positiveCost,
    settings.negativeCost,
    settings.naiveBayes,
    settings.interpolation,
    settings.tolerance,
    stop?.aborted ? 1 : settings.maximumIterations,
    settings.biasScale,
    settings.seed,
  ];
}
