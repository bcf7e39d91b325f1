import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { MetricDefinition } from "./metric-regex.ts";
import type { MetricMatch, MetricQuestion } from "./metric-worker.ts";

export interface MetricMatches {
  /** In the order of lines. */
  readonly values: readonly { readonly name: string; readonly line: number; readonly value: number }[];
  /** Names of metrics whose expression took too long on these lines; it should not be asked again. */
  readonly tooSlow: readonly string[];
}

export interface MetricMatcher extends AsyncDisposable {
  match(definitions: readonly MetricDefinition[], lines: readonly string[]): Promise<MetricMatches>;
}

/** A worker takes some 50 ms to start; on a busy machine, seconds. */
const START_DEADLINE_MS = 30_000;

/**
 * Reads metrics from log lines. Users write the expressions, and one that backtracks forever must not stop the server: they run in a worker
 * thread with a deadline, and the one that missed it is told and left out. JavaScript's own engine, rather than a linear one, since look-around and
 * back-references are allowed in Python's.
 */
export function createMetricMatcher({ deadlineMs = 2000 }: { readonly deadlineMs?: number } = {}): MetricMatcher {
  const current = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  let worker: StartingWorker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function ask(question: MetricQuestion): Promise<readonly MetricMatch[] | undefined> {
    worker ??= startWorker(current);
    const { thread, ready } = worker;
    const { promise, resolve, reject } = Promise.withResolvers<readonly MetricMatch[] | undefined>();
    let timer: NodeJS.Timeout | undefined;
    try {
      // The deadline is for the expressions, not for a machine that is slow to start a thread.
      await ready;
      timer = setTimeout(() => resolve(undefined), deadlineMs);
      thread.once("message", resolve).once("error", reject);
      thread.postMessage(question);
      return await promise;
    } catch (error) {
      worker = undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      thread.removeAllListeners("message").removeAllListeners("error");
    }
  }

  async function matchAlone(
    definitions: readonly MetricDefinition[],
    lines: readonly string[],
  ): Promise<MetricMatches> {
    const left = [...definitions];
    const tooSlow: string[] = [];
    while (left.length > 0 && lines.length > 0) {
      const matches = await ask({ definitions: left, lines });
      if (matches !== undefined) return { values: toValues(matches, left), tooSlow };
      await worker?.thread.terminate();
      worker = undefined;
      const [culprit] = left.splice(Atomics.load(new Int32Array(current), 0), 1);
      if (culprit !== undefined) tooSlow.push(culprit.name);
    }
    return { values: [], tooSlow };
  }

  return {
    // One question at a time: the deadline is for the expressions, not for waiting behind another job's.
    match(definitions, lines) {
      const matching = last.then(() => matchAlone(definitions, lines));
      last = matching.catch(() => undefined);
      return matching;
    },
    async [Symbol.asyncDispose]() {
      await worker?.thread.terminate();
      worker = undefined;
    },
  };
}

interface StartingWorker {
  readonly thread: Worker;
  /** Kept when it takes questions. */
  readonly ready: Promise<unknown>;
}

function startWorker(current: SharedArrayBuffer): StartingWorker {
  const thread = new Worker(new URL("./metric-worker.ts", import.meta.url), { workerData: current });
  const ready = once(thread, "message", { signal: AbortSignal.timeout(START_DEADLINE_MS) });
  // Only while it starts does it keep the process.
  return { thread, ready: ready.finally(() => thread.unref()) };
}

function toValues(matches: readonly MetricMatch[], definitions: readonly MetricDefinition[]): MetricMatches["values"] {
  return matches
    .toSorted((a, b) => a.line - b.line || a.definition - b.definition)
    .map(({ definition, line, value }) => ({ name: definitions[definition]?.name ?? "", line, value }));
}
