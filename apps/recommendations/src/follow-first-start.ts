import { setTimeout as delay } from "node:timers/promises";
import type { Run, RunKindName } from "./runs/run.ts";

/** How far a part of the first start is. */
export interface FirstStartProgress {
  /** `Load orders` */
  readonly title: string;
  /** 0 to 1; 1 exactly once, when the part is done. */
  readonly fraction: number;
  /** What is going on, for people. */
  readonly detail: string;
}

export interface FollowOptions {
  readonly onProgress: (progress: FirstStartProgress) => void;
  /** Ends the following; the work itself goes on. */
  readonly signal: AbortSignal;
  /** Between two looks. */
  readonly pollMs?: number;
}

type SeenRun = Pick<Run<object>, "kind" | "status" | "step" | "state" | "failure_reason">;

/** The parts of a first start in their order; each is a run in the background. */
const PARTS: readonly {
  readonly kind: RunKindName;
  readonly title: string;
  readonly fractionOf: (run: SeenRun) => number;
}[] = [
  { kind: "sample", title: "Load orders", fractionOf: ({ state }) => shareOf(state) },
  { kind: "training", title: "Train recommendations", fractionOf: ({ state, step }) => placeIn(state, step) },
  { kind: "batch", title: "Fill the cache", fractionOf: ({ step }) => placeIn({ plan: BATCH_STEPS }, step) },
];

const BATCH_STEPS = ["count", "start", "computing", "write", "regions"];

/** The place of a running part's end. */
const MOST_BEFORE_END = 0.99;

/**
 * Follows loading, training and the first filling of the cache through the API at `url`, until all of them are done. Resolves at once with false when
 * they were done before; with true when they have been seen to end, well or not; and when the signal is aborted.
 */
export async function followFirstStart(
  url: string,
  { onProgress, signal, pollMs = 500 }: FollowOptions,
): Promise<boolean> {
  const ended = new Set<RunKindName>();
  for (let isFirstLook = true; !signal.aborted; isFirstLook = false) {
    const runs = await readRuns(url);
    for (const { kind, title, fractionOf } of PARTS) {
      const run = runs.find((each) => each.kind === kind && hasModels(each));
      if (run === undefined || ended.has(kind)) continue;
      if (run.status === "Running") {
        onProgress({ title, fraction: Math.min(MOST_BEFORE_END, fractionOf(run)), detail: run.step });
        continue;
      }
      ended.add(kind);
      if (!isFirstLook) onProgress({ title, fraction: 1, detail: run.failure_reason ?? "done" });
    }
    const hasFailed = runs.some(({ kind, status }) => kind === "training" && status === "Failed");
    if ((ended.has("training") && ended.has("batch")) || hasFailed) return !isFirstLook;
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return true;
}

async function readRuns(url: string): Promise<readonly SeenRun[]> {
  const response = await fetch(`${url}/runs?limit=20`);
  if (!response.ok) return [];
  const { runs } = (await response.json()) as { readonly runs: readonly SeenRun[] };
  return runs;
}

/** Before the first training the cache is filled with what is popular alone: that is not the end. */
function hasModels({ kind, state }: SeenRun): boolean {
  if (kind !== "batch") return true;
  const { versions = {} } = state as { readonly versions?: object };
  return Object.keys(versions).length > 0;
}

function shareOf(state: object): number {
  const { done = 0, orders = 0 } = state as { readonly done?: number; readonly orders?: number };
  return orders > 0 ? done / orders : 0;
}

function placeIn(state: object, step: string): number {
  const { plan = [] } = state as { readonly plan?: readonly string[] };
  return plan.length > 0 ? Math.max(0, plan.indexOf(step)) / plan.length : 0;
}
