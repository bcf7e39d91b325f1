import { parentPort, workerData } from "node:worker_threads";
import { compileMetricRegex, type MetricDefinition, matchMetric } from "./metric-regex.ts";

/** What the worker is asked. */
export interface MetricQuestion {
  readonly definitions: readonly MetricDefinition[];
  readonly lines: readonly string[];
}

/** A value, the definition and the line it comes from, by their positions in the question. */
export interface MetricMatch {
  readonly definition: number;
  readonly line: number;
  readonly value: number;
}

const current = new Int32Array(workerData as SharedArrayBuffer);

parentPort?.on("message", ({ definitions, lines }: MetricQuestion) => {
  const matches: MetricMatch[] = [];
  for (const [definition, { regex }] of definitions.entries()) {
    // Read by the one who waits, should this expression never come to an end.
    Atomics.store(current, 0, definition);
    const compiled = compileMetricRegex(regex);
    for (const [line, text] of lines.entries()) {
      const value = matchMetric(compiled, text);
      if (value !== undefined) matches.push({ definition, line, value });
    }
  }
  parentPort?.postMessage(matches);
});
// Everything is loaded.
parentPort?.postMessage([]);
