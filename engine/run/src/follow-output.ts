import type { LogStreamRef, LogWriter, MetricDatum, MetricWriter } from "@rondo/store";
import type { ExecutionHandle, Executor } from "./executor.ts";
import type { MetricMatcher } from "./metrics/metric-matcher.ts";
import type { MetricDefinition } from "./metrics/metric-regex.ts";

const BATCH_BYTES = 256 * 1024;

export interface FollowDependencies {
  readonly executor: Executor;
  readonly logs: LogWriter;
  readonly metrics: MetricWriter;
  readonly matcher: MetricMatcher;
  readonly clock: { now(): Date };
}

export interface FollowOptions {
  readonly handle: ExecutionHandle;
  readonly stream: LogStreamRef;
  readonly definitions: readonly MetricDefinition[];
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Where the last call ended, in bytes. */
  readonly offset: number;
}

export interface FollowResult {
  readonly offset: number;
  /** The last value of each metric in these lines. */
  readonly values: ReadonlyMap<string, { readonly value: number; readonly at: Date }>;
  readonly tooSlow: readonly string[];
}

/**
 * Takes the next piece of a program's output into CloudWatch: lines to Logs, metrics by their expressions. The same offset means that nothing was new.
 *
 * Each line is stored exactly once, also when a crash forgets the offset: the log stream knows how far it has read, and what lies before that
 * is only read again for the metrics' last values. A crash between the two writes repeats a metric's datum, and never loses one.
 */
export async function followOutput(dependencies: FollowDependencies, options: FollowOptions): Promise<FollowResult> {
  const { executor, logs, metrics, matcher, clock } = dependencies;
  const { handle, stream, offset, definitions, namespace, dimensions } = options;
  const stored = await logs.position(stream);
  const isRepetition = stored > offset;
  // What an earlier call had stored ends where a line ends, so a window of that size holds exactly those lines.
  const window = isRepetition ? stored - offset : BATCH_BYTES;
  const { lines, offset: end } = await executor.readOutput(handle, offset, window);
  if (end === offset) return { offset, values: new Map(), tooSlow: [] };
  const now = clock.now();
  // AWS's log agent writes control characters in octal, and users' expressions expect a tab in that form.
  const texts = lines.map((line) => line.replaceAll("\t", "#011"));
  const { values, tooSlow } = await matcher.match(definitions, texts);
  if (!isRepetition) {
    await metrics.put(
      stream,
      namespace,
      values.map(({ name, value }) => toDatum(name, value, { dimensions, timestamp: now })),
    );
    const notes = tooSlow.map(
      (name) => `The regular expression of metric ${name} takes too long; it is not used any more.`,
    );
    const events = [...texts, ...notes].map((message) => ({ timestamp: now.getTime(), message }));
    await logs.append(stream, events, { position: end });
  }
  return { offset: end, values: new Map(values.map(({ name, value }) => [name, { value, at: now }])), tooSlow };
}

function toDatum(name: string, value: number, rest: Pick<MetricDatum, "dimensions" | "timestamp">): MetricDatum {
  return { name, unit: "None", ...rest, statistics: { sampleCount: 1, sum: value, minimum: value, maximum: value } };
}
