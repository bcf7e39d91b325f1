import type { EvaluationRow } from "../evaluation-service/evaluation-row.ts";
import type { LiveReport } from "../evaluation-service/live-evaluation.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import type { RunStep } from "../runs/carry-out-run.ts";
import type { Run } from "../runs/run.ts";
import { type Answered, askOnce, askWhile, type TrafficDriver } from "./drive-traffic.ts";
import { readFilmTraffic } from "./film-traffic.ts";
import type { LoopPhase, LoopReport } from "./loop-report.ts";
import { callService, callUntil, type LoopServices } from "./service-calls.ts";
import { sharesOverTime, summariseTraffic, windowsOf } from "./summarise-traffic.ts";

export interface LoopProgress {
  readonly phase: LoopPhase;
  /** 0 to 1; 1 when the phase is done. */
  readonly fraction: number;
  readonly detail: string;
}

export interface LoopOptions {
  readonly services: LoopServices;
  /** Film sentences that users correct. Default 4,000. */
  readonly feedbackTexts?: number;
  readonly onProgress?: (progress: LoopProgress) => void;
  readonly signal: AbortSignal;
  readonly clock?: { now(): Date };
}

type Retraining = Omit<Run, "run_id"> & { readonly retraining_id: string; readonly steps: readonly RunStep[] };

interface Latest {
  readonly gate: EvaluationRow | null;
  readonly live: EvaluationRow | null;
  readonly latest_run: {
    readonly evaluation_id: string;
    readonly status: string;
    readonly failure_reason?: string;
  } | null;
}

const isEnded = (status: string): boolean => status === "Succeeded" || status === "Failed";

/** Has the live model judged on its feedback. Throws with the reason when that fails. */
async function evaluateFeedback(services: LoopServices, signal: AbortSignal): Promise<LiveReport> {
  const url = `${services.evaluation}/run-evaluation`;
  const { evaluation_id } = await callService<{ evaluation_id: string }>(url, { body: { reason: "loop" }, signal });
  const { live, latest_run } = await callUntil<Latest>(
    `${services.evaluation}/latest-evaluation`,
    (latest) => latest.latest_run?.evaluation_id === evaluation_id && isEnded(latest.latest_run.status),
    signal,
  );
  if (latest_run?.status !== "Succeeded" || live === null) {
    throw new Error(`The evaluation failed: ${latest_run?.failure_reason ?? "it left no report"}`);
  }
  return live.report as LiveReport;
}

/** Retrains and waits for the end. Throws with the reason when it fails; a model that the gate holds back is no failure. */
async function retrain(
  services: LoopServices,
  onStep: (step: RunStep) => void,
  signal: AbortSignal,
): Promise<{ readonly retraining: Retraining; readonly evaluation: Evaluation }> {
  const url = `${services.retraining}/retrain`;
  const begun = await callService<Retraining>(url, { body: { reason: "loop" }, signal });
  const retraining = await callUntil<Retraining>(
    `${url}/${begun.retraining_id}`,
    ({ status, steps }) => {
      const step = steps.at(-1);
      if (step !== undefined) onStep(step);
      return isEnded(status);
    },
    signal,
  );
  if (retraining.status !== "Succeeded") throw new Error(`The retraining failed: ${retraining.failure_reason}`);
  const { gate } = await callUntil<Latest>(
    `${services.evaluation}/latest-evaluation`,
    (latest) => latest.gate?.run_id === retraining.retraining_id,
    signal,
  );
  return { retraining, evaluation: gate?.report as Evaluation };
}

/** Phases one after the other, each with its times. */
function createPhases(now: () => number, onProgress: (progress: LoopProgress) => void) {
  const phases: { readonly phase: LoopPhase; readonly from: number; readonly to: number }[] = [];
  return {
    phases,
    async inPhase<Result>(phase: LoopPhase, work: () => Promise<Result>, detail: (result: Result) => string) {
      const from = now();
      onProgress({ phase, fraction: 0, detail: "" });
      const result = await work();
      phases.push({ phase, from: from / 1000, to: now() / 1000 });
      onProgress({ phase, fraction: 1, detail: detail(result) });
      return result;
    },
  };
}

/**
 * The whole loop as users of the services live it: film sentences arrive, of which the first model knows nothing; users correct the answers; the live model is
 * judged on that; a new one is trained, judged on the frozen hold-out and, if the gate opens, rolled out under traffic; new sentences tell what that changed.
 * Throws ServiceCallError when a service is away, Error with the reason when an evaluation or retraining fails.
 */
export async function loopSentiment(options: LoopOptions): Promise<LoopReport> {
  const { services, signal, feedbackTexts = 4_000, onProgress = () => undefined } = options;
  const { clock = { now: () => new Date() } } = options;
  const startedAt = clock.now();
  const now = (): number => clock.now().getTime() - startedAt.getTime();
  const texts = await readFilmTraffic(feedbackTexts);
  const answers: Record<"before" | "rollout" | "after", Answered[]> = { before: [], rollout: [], after: [] };
  const { phases, inPhase } = createPhases(now, onProgress);

  function driverTo(
    part: keyof typeof answers,
    expected?: { readonly phase: LoopPhase; readonly n: number },
  ): TrafficDriver {
    const onAnswered = (answered: Answered): void => {
      answers[part].push(answered);
      const count = answers[part].length;
      if (expected !== undefined && count % 100 === 0 && count < expected.n) {
        onProgress({
          phase: expected.phase,
          fraction: count / expected.n,
          detail: `${count} of ${expected.n} sentences`,
        });
      }
    };
    return { services, signal, now, onAnswered };
  }

  const { feedback, rollout, after } = texts;
  const asked = driverTo("before", { phase: "traffic", n: feedback.length });
  await inPhase(
    "traffic",
    () => askOnce(asked, feedback, { areCorrected: true }),
    () => `${feedback.length} sentences answered and corrected`,
  );
  const drift = await inPhase(
    "evaluation",
    () => evaluateFeedback(services, signal),
    (report) => report.drift.reason,
  );
  const onStep = ({ step, fraction }: RunStep): void =>
    onProgress({ phase: "retraining", fraction: 0.5, detail: `${step} ${Math.round(100 * fraction)} %` });
  const { retraining, evaluation } = await inPhase(
    "retraining",
    () => askWhile(driverTo("rollout"), rollout, retrain(services, onStep, signal)),
    ({ evaluation: judged }) => `${judged.gate.decision}: ${judged.gate.reason}`,
  );
  const again = driverTo("after", { phase: "after", n: after.length });
  await inPhase(
    "after",
    () => askOnce(again, after, { areCorrected: false }),
    () => `${after.length} new sentences answered`,
  );
  const { counts = {}, outcome } = retraining;
  return {
    startedAt: startedAt.toISOString(),
    seconds: now() / 1000,
    phases,
    feedbackTexts: feedback.length,
    traffic: {
      before: summariseTraffic(answers.before),
      rollout: summariseTraffic(answers.rollout),
      after: summariseTraffic(answers.after),
    },
    windows: windowsOf([...answers.before, ...answers.rollout, ...answers.after]),
    rollout: sharesOverTime(answers.rollout),
    drift,
    retraining: {
      id: retraining.retraining_id,
      status: retraining.status,
      counts,
      isDeployed: outcome?.is_deployed ?? false,
      modelVersion: outcome?.model_version,
      reason: outcome?.reason ?? "",
    },
    evaluation,
  };
}
