import { type Accuracy, accuracyOf } from "../gate/scores.ts";
import type { Answered } from "./drive-traffic.ts";

/** Answers that came one after the other, from one version. */
export interface TrafficWindow extends Accuracy {
  /** Seconds since the loop began: the middle of the window. */
  readonly at: number;
  readonly modelVersion: string;
}

export interface TrafficSummary {
  readonly requests: number;
  readonly failures: number;
  /** The first few, for whoever looks for the cause. */
  readonly failureReasons: readonly string[];
  /** Milliseconds. */
  readonly medianLatency: number;
  readonly p99Latency: number;
  readonly byVersion: readonly { readonly modelVersion: string; readonly accuracy: Accuracy }[];
}

/** Answers in one window: a standard error of some three points. */
const WINDOW_ANSWERS = 250;
const MOST_REASONS = 5;

const correctOf = (answers: readonly Answered[]): number => answers.filter(({ isRight }) => isRight).length;

/** Accuracy over time, each version for itself: windows of equal size, the last one of a version as large as what is left when that is half a window at least. */
export function windowsOf(answers: readonly Answered[], size: number = WINDOW_ANSWERS): TrafficWindow[] {
  const answered = answers.filter(({ failure }) => failure === undefined);
  const windows: TrafficWindow[] = [];
  for (const [modelVersion, own] of Map.groupBy(answered, (each) => each.modelVersion)) {
    for (let start = 0; start < own.length; start += size) {
      const part = own.slice(start, start + size);
      if (part.length < size / 2 && start > 0) continue;
      const middle = part.reduce((sum, { at }) => sum + at, 0) / part.length;
      windows.push({ at: middle / 1000, modelVersion, ...accuracyOf(correctOf(part), part.length) });
    }
  }
  return windows.sort((one, other) => one.at - other.at);
}

/** Who answered in a short stretch of time. */
export interface VersionShare {
  /** Seconds since the loop began: the middle of the stretch. */
  readonly at: number;
  /** Share of the answers, 0 to 1, by version. */
  readonly shares: Readonly<Record<string, number>>;
}

const STRETCH_MS = 2_000;

/** The traffic's way from one version to the next. */
export function sharesOverTime(answers: readonly Answered[]): VersionShare[] {
  const answered = answers.filter(({ failure }) => failure === undefined);
  return [...Map.groupBy(answered, ({ at }) => Math.floor(at / STRETCH_MS))]
    .sort(([one], [other]) => one - other)
    .map(([stretch, own]) => ({
      at: ((stretch + 0.5) * STRETCH_MS) / 1000,
      shares: Object.fromEntries(
        [...Map.groupBy(own, ({ modelVersion }) => modelVersion)].map(([version, its]) => [
          version,
          its.length / own.length,
        ]),
      ),
    }));
}

/** Throws without any request. */
export function summariseTraffic(answers: readonly Answered[]): TrafficSummary {
  if (answers.length === 0) throw new Error("There was no traffic.");
  const failed = answers.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const times = answers.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  const quantile = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  const versions = Map.groupBy(
    answers.filter(({ failure }) => failure === undefined),
    (each) => each.modelVersion,
  );
  return {
    requests: answers.length,
    failures: failed.length,
    failureReasons: [...new Set(failed)].slice(0, MOST_REASONS),
    medianLatency: quantile(0.5),
    p99Latency: quantile(0.99),
    byVersion: [...versions].map(([modelVersion, own]) => ({
      modelVersion,
      accuracy: accuracyOf(correctOf(own), own.length),
    })),
  };
}
