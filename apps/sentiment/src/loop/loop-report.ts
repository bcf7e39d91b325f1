import type { LiveReport } from "../evaluation-service/live-evaluation.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import type { Improvement } from "../gate/scores.ts";
import type { TrafficSummary, TrafficWindow, VersionShare } from "./summarise-traffic.ts";

export const LOOP_PHASES = ["traffic", "evaluation", "retraining", "after"] as const;

export type LoopPhase = (typeof LOOP_PHASES)[number];

/** What one run of the loop did and found out. */
export interface LoopReport {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  /** When each phase began, in seconds since the start. */
  readonly phases: readonly { readonly phase: LoopPhase; readonly from: number; readonly to: number }[];
  readonly feedbackTexts: number;
  readonly traffic: Readonly<Record<"before" | "rollout" | "after", TrafficSummary>>;
  readonly windows: readonly TrafficWindow[];
  /** Who answered while the new version came up. */
  readonly rollout: readonly VersionShare[];
  readonly drift: LiveReport;
  readonly retraining: {
    readonly id: string;
    readonly status: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly isDeployed: boolean;
    readonly modelVersion: string | undefined;
    readonly reason: string;
  };
  /** The gate's verdict on candidate and live model, on the same rows of the frozen hold-out. */
  readonly evaluation: Evaluation;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const points = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${Math.abs(100 * difference).toFixed(1)}`;

/** What the interval shows, and no more. */
export function describeImprovement({ difference, low, high }: Improvement): string {
  const interval = `${points(difference)} points (95 % interval ${points(low)} to ${points(high)})`;
  if (low > 0) return `better by ${interval}`;
  return high < 0 ? `worse by ${interval}` : `no difference shown: ${interval}`;
}

/** The domains of the hold-out, by their slices. */
export function domainSlices({ gate }: Evaluation) {
  return gate.slices.flatMap((slice) => {
    const [, domain] = /^domain=(.+)$/.exec(slice.name) ?? [];
    return domain === undefined ? [] : [{ domain, ...slice }];
  });
}

/** The outcome in a few lines, for a terminal and for the head of the report. */
export function describeLoop(report: LoopReport): string[] {
  const { evaluation, retraining, traffic, drift } = report;
  const [before] = traffic.before.byVersion;
  const lines = [
    `${before?.modelVersion ?? "The model"} was right on ${percent(before?.accuracy.value ?? 0)} of ${traffic.before.requests} film sentences ` +
      `(95 % interval ${percent(before?.accuracy.low ?? 0)} to ${percent(before?.accuracy.high ?? 0)}).`,
    `Drift: ${drift.drift.reason}`,
    `Gate: ${evaluation.gate.decision}. ${evaluation.gate.reason}`,
  ];
  for (const { domain, candidate, improvement } of domainSlices(evaluation)) {
    const compared = improvement === undefined ? "" : `, ${describeImprovement(improvement)}`;
    lines.push(`On the frozen hold-out, ${domain}: ${percent(candidate.value)} of ${candidate.n}${compared}.`);
  }
  lines.push(
    retraining.isDeployed
      ? `${retraining.modelVersion} is in service; ${traffic.rollout.failures} of ${traffic.rollout.requests} requests failed while it came up.`
      : "The model in service stays.",
  );
  const last = traffic.after.byVersion.at(-1);
  if (last !== undefined) {
    lines.push(
      `Afterwards ${last.modelVersion} was right on ${percent(last.accuracy.value)} of ${last.accuracy.n} new film sentences ` +
        `(95 % interval ${percent(last.accuracy.low)} to ${percent(last.accuracy.high)}).`,
    );
  }
  return lines;
}
