import type { AnswerSource } from "../answers/answer.ts";
import type { ApplicationContext } from "../application-context.ts";
import { LATENCY_BOUNDS_MS, latencyBucket, latencyQuantile } from "./latency-histogram.ts";

type MeterContext = Pick<ApplicationContext, "database" | "clock" | "onFault">;

/** What is counted apart. */
export type MeteredRoute = "user" | "similar" | "ranking";

export interface MeteredAnswer {
  readonly route: MeteredRoute;
  /** `failed`: there was no answer. */
  readonly source: AnswerSource | "failed";
  readonly milliseconds: number;
}

/** Counts answers by hour; the counts of the last seconds before a crash are lost. */
export interface AnswerMeter {
  record(answer: MeteredAnswer): void;
  /** Writes what was counted since the last time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 5_000;
const HOUR_MS = 3_600_000;

interface Count {
  readonly hour: string;
  readonly route: string;
  readonly source: string;
  answers: number;
  failures: number;
  readonly latencies: number[];
}

export function createAnswerMeter({ database, clock, onFault }: MeterContext): AnswerMeter {
  let counts = new Map<string, Count>();
  let flushing = Promise.resolve();

  async function write(): Promise<void> {
    if (counts.size === 0) return;
    const rows = [...counts.values()];
    counts = new Map();
    await database.query(
      `insert into recommendations.answer_hours as known (hour, route, source, answers, failures, latencies)
       select hour, route, source, answers, failures, latencies
       from jsonb_to_recordset($1::jsonb)
         as line (hour timestamptz, route text, source text, answers integer, failures integer, latencies integer[])
       order by hour, route, source
       on conflict (hour, route, source) do update set answers = known.answers + excluded.answers, failures = known.failures + excluded.failures,
         latencies = (select array_agg(coalesce(one, 0) + coalesce(two, 0) order by place)
           from unnest(known.latencies, excluded.latencies) with ordinality as both_counts (one, two, place))`,
      [JSON.stringify(rows)],
    );
  }

  const flush = (): Promise<void> => (flushing = flushing.then(write).catch(onFault));
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    record({ route, source, milliseconds }) {
      const hour = new Date(Math.floor(clock.now().getTime() / HOUR_MS) * HOUR_MS).toISOString();
      const key = `${hour} ${route} ${source}`;
      let count = counts.get(key);
      if (count === undefined) {
        const latencies = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);
        count = { hour, route, source, answers: 0, failures: 0, latencies };
        counts.set(key, count);
      }
      if (source === "failed") count.failures++;
      else count.answers++;
      const bucket = latencyBucket(milliseconds);
      count.latencies[bucket] = (count.latencies[bucket] ?? 0) + 1;
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

/** How answers were given since a time (P-38, P-39, P-43). */
export interface AnswerFigures {
  readonly answers: number;
  readonly failures: number;
  readonly by_source: Readonly<Partial<Record<AnswerSource, number>>>;
  /** Answers from the cache ÷ all; null without any. The ranking has no cache and does not count. */
  readonly cache_hit_rate: number | null;
  /** Answers that needed no call of Personalize ÷ all: what computing beforehand saves (P-33). */
  readonly saved_calls: number | null;
  readonly live_calls: number;
  /** Upper estimates in milliseconds, of answers from the cache and of all; null without any, and where more than 2 s. */
  readonly cached_p50_ms: number | null;
  readonly cached_p99_ms: number | null;
  readonly p99_ms: number | null;
}

export async function readAnswerFigures(
  { database }: Pick<MeterContext, "database">,
  since: Date,
): Promise<AnswerFigures> {
  const rows = await database.query<{
    route: string;
    source: string;
    answers: number;
    failures: number;
    latencies: number[];
  }>("select route, source, answers, failures, latencies from recommendations.answer_hours where hour >= $1", [since]);
  const bySource: Partial<Record<AnswerSource, number>> = {};
  const all: number[] = [];
  const cached: number[] = [];
  let [answers, failures, cacheable] = [0, 0, 0];
  for (const { route, source, latencies, ...row } of rows) {
    answers += row.answers;
    failures += row.failures;
    if (route !== "ranking") cacheable += row.answers;
    if (row.answers > 0) bySource[source as AnswerSource] = (bySource[source as AnswerSource] ?? 0) + row.answers;
    addTo(all, latencies);
    if (source === "cache") addTo(cached, latencies);
  }
  const hits = bySource.cache ?? 0;
  const live = bySource.live ?? 0;
  return {
    answers,
    failures,
    by_source: bySource,
    cache_hit_rate: cacheable === 0 ? null : hits / cacheable,
    saved_calls: answers === 0 ? null : 1 - live / answers,
    live_calls: live,
    cached_p50_ms: finite(latencyQuantile(cached, 0.5)),
    cached_p99_ms: finite(latencyQuantile(cached, 0.99)),
    p99_ms: finite(latencyQuantile(all, 0.99)),
  };
}

function addTo(sum: number[], counts: readonly number[]): void {
  for (const [index, count] of counts.entries()) sum[index] = (sum[index] ?? 0) + count;
}

function finite(value: number | null): number | null {
  return value === null || Number.isFinite(value) ? value : null;
}
