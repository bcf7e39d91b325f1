/** The kinds of work in the background. */
export const RUN_KINDS = ["sample", "training", "update", "batch", "quality"] as const;

export type RunKindName = (typeof RUN_KINDS)[number];

/** A row that one step at a time takes to its end, also after a restart. */
export interface Run<State = unknown> {
  readonly run_id: string;
  readonly kind: RunKindName;
  readonly status: "Running" | "Succeeded" | "Failed";
  /** What it does now, or did last. */
  readonly step: string;
  /** What the steps so far have come to. */
  readonly state: State;
  readonly reason: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly failure_reason: string | null;
}

/** What a step has come to. */
export interface Advance<State> {
  readonly state: State;
  /** The next step; undefined: the run has succeeded. */
  readonly step: string | undefined;
  /** How long to wait before it, when something else has to happen first. */
  readonly afterMs?: number;
}

/** How a run begins. */
export interface Begun<State> {
  readonly state: State;
  readonly step: string;
}

/** How runs of a kind begin and go on. */
export interface RunKind<State> {
  readonly name: RunKindName;
  /** The state of a new run, and its first step. */
  begin(): Promise<Begun<State>> | Begun<State>;
  /** Whether one is to begin by itself, given the latest one. */
  isDue(latest: Run<State> | undefined): Promise<boolean> | boolean;
  /** Takes one step. A crash on the way means that it is taken again. */
  advance(run: Run<State>, signal: AbortSignal): Promise<Advance<State>>;
}

/** Whether a run by schedule is due: the latest one began at least so many hours ago, or was never. With 0 hours never. */
export function isDueEvery(hours: number, latest: Pick<Run, "started_at" | "status"> | undefined, now: Date): boolean {
  if (hours === 0 || latest?.status === "Running") return false;
  return latest === undefined || now.getTime() - latest.started_at.getTime() >= hours * 3_600_000;
}
