import { type ClaimedResource, type Clock, type Logger, type Resources, silentLogger, systemClock } from "@rondo/store";
import { SimulatedCrash } from "./crash-point.ts";
import type { ResourceKind } from "./kind.ts";
import { type RunClaimDependencies, runClaim } from "./run-claim.ts";

export interface ControlLoopOptions {
  readonly resources: Resources;
  /** One for each type; a type that is listed twice is refused. */
  readonly kinds: readonly ResourceKind<object>[];
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** 0 … 1, for the jitter of back-off. */
  readonly random?: () => number;
  /** Steps that run at the same time. Default 8. */
  readonly concurrency?: number;
  /** How long a claim of a dead process lasts; renewed at a third of it. Default 30 s. */
  readonly leaseMs?: number;
  /** The longest sleep, in case a message was missed. Default 30 s. */
  readonly pollMs?: number;
  /** How long `stop` waits for steps that don't heed their signal. Default 10 s. */
  readonly stopGraceMs?: number;
  /** See `killAtCrashPoint`; tests throw a SimulatedCrash. Does nothing by default. */
  readonly crashPoint?: (name: string) => void;
}

export interface ControlLoop {
  /** Takes over what dead processes left, and begins. */
  start(): Promise<void>;
  /** Aborts the steps that run, waits for them, and gives their claims back. */
  stop(): Promise<void>;
  /** Looks for what is due by now and resolves when nothing is due and nothing runs, or when the loop has stopped. For tests and shutdown. */
  idle(): Promise<void>;
}

const retryAfterErrorMs = 1_000;

/** A sleep that a call ends, also one that came just before it. */
function createAlarm() {
  let isSet = false;
  let ring: (() => void) | undefined;
  return {
    ring(): void {
      isSet = true;
      ring?.();
    },
    async sleep(milliseconds: number): Promise<void> {
      if (!isSet) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isSet = false;
      ring = undefined;
    },
  };
}

function indexKinds(kinds: readonly ResourceKind<object>[]): Map<string, ResourceKind<object>> {
  const byType = new Map(kinds.map((kind) => [kind.type, kind]));
  if (byType.size < kinds.length) throw new Error("Two kinds have the same type");
  return byType;
}

class Loop implements ControlLoop {
  readonly #resources: Resources;
  readonly #kinds: Map<string, ResourceKind<object>>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #concurrency: number;
  readonly #pollMs: number;
  readonly #stopGraceMs: number;
  readonly #claimDependencies: RunClaimDependencies;
  readonly #alarm = createAlarm();
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #idleWaiters: (() => void)[] = [];
  #isDead = false;
  #finished: Promise<void> | undefined;

  constructor(options: ControlLoopOptions) {
    const { resources, clock = systemClock, logger = silentLogger, crashPoint = () => {} } = options;
    this.#resources = resources;
    this.#kinds = indexKinds(options.kinds);
    this.#clock = clock;
    this.#logger = logger;
    this.#concurrency = options.concurrency ?? 8;
    this.#pollMs = options.pollMs ?? 30_000;
    this.#stopGraceMs = options.stopGraceMs ?? 10_000;
    this.#claimDependencies = {
      resources,
      clock,
      logger,
      random: options.random ?? Math.random,
      leaseMs: options.leaseMs ?? 30_000,
      crashPoint: (name) => this.#passCrashPoint(crashPoint, name),
      signal: this.#stopping.signal,
      isDead: () => this.#isDead,
    };
  }

  async start(): Promise<void> {
    if (this.#finished !== undefined) throw new Error("The control loop was started before");
    const takenOver = await this.#resources.releaseDead();
    if (takenOver > 0) this.#logger.info({ takenOver }, "Taking over what the former process was doing");
    this.#finished = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("The control loop stops"));
    this.#alarm.ring();
    await this.#finished;
  }

  async idle(): Promise<void> {
    if (this.#stopping.signal.aborted) return this.#finished;
    await new Promise<void>((resolve) => {
      this.#idleWaiters.push(resolve);
      this.#alarm.ring();
    });
  }

  #passCrashPoint(crashPoint: (name: string) => void, name: string): void {
    try {
      crashPoint(name);
    } catch (error) {
      if (error instanceof SimulatedCrash) {
        this.#isDead = true;
        this.#stopping.abort(error);
        this.#alarm.ring();
      }
      throw error;
    }
  }

  async #run(): Promise<void> {
    using _listener = this.#resources.onDue(() => this.#alarm.ring());
    while (!this.#stopping.signal.aborted) await this.#alarm.sleep(await this.#pass());
    const grace = new AbortController();
    const deadline = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#stopGraceMs);
      grace.signal.addEventListener("abort", () => clearTimeout(timer));
    });
    await Promise.race([Promise.all(this.#running), deadline]);
    grace.abort();
    for (const resolve of this.#idleWaiters) resolve();
  }

  /** Claims what is due and starts it; returns how long there will be nothing more to do. */
  async #pass(): Promise<number> {
    const waiters = this.#idleWaiters.length;
    const free = this.#concurrency - this.#running.size;
    if (free <= 0) return this.#pollMs; // a step that ends rings
    const types = [...this.#kinds.keys()];
    try {
      const { leaseMs } = this.#claimDependencies;
      const claims = await this.#resources.claimDue({ types, limit: free, leaseMs });
      for (const claimed of claims) this.#begin(claimed);
      if (claims.length > 0) return claims.length < free ? 0 : this.#pollMs;
      if (this.#running.size === 0) {
        for (const resolve of this.#idleWaiters.splice(0, waiters)) resolve();
      }
      const next = await this.#resources.nextDue(types);
      if (next === undefined) return this.#pollMs;
      return Math.max(1, Math.min(this.#pollMs, next.getTime() - this.#clock.now().getTime()));
    } catch (error) {
      this.#logger.error({ error }, "Looking for due resources failed; trying again");
      return retryAfterErrorMs;
    }
  }

  #begin(claimed: ClaimedResource): void {
    const kind = this.#kinds.get(claimed.type);
    if (kind === undefined) throw new Error(`Claimed a ${claimed.type}, which is not ours`);
    const step = runClaim(kind, claimed, this.#claimDependencies).finally(() => {
      this.#running.delete(step);
      this.#alarm.ring();
    });
    this.#running.add(step);
  }
}

/**
 * Reconciles the resources that are due: claims their rows, runs each kind's `reconcile` at most `concurrency` at a time, and writes the
 * outcomes. Any number of loops, in any number of processes, may share one database.
 */
export function createControlLoop(options: ControlLoopOptions): ControlLoop {
  return new Loop(options);
}
