import { createRandom, mcNemarTest, type PairedOutcomes, pairedBootstrap } from "@rondo/statistics";
import { reportedPValue } from "./reported-p-value.ts";
import { type Accuracy, accuracyOf, type Improvement, type JudgedRow, type ModelScores, scoreModel } from "./scores.ts";

export interface GateSettings {
  /** Accuracy that every model must reach. Default 0.80: a convention, just under the 82.9 % that naive Bayes reaches on IMDb (S-X1). */
  readonly accuracyThreshold?: number;
  /** What no class may lose of its recall, strictly more than this. Default 0.05: a convention (S-X1). */
  readonly largestRecallLoss?: number;
  /** What no slice may lose of its accuracy, strictly more than this. Default 0.02: a convention, 2.5 standard errors in a slice of 2,000 rows. */
  readonly largestSliceLoss?: number;
  /** Smaller slices are shown and not judged: below this chance alone often exceeds the loss. Default 400. */
  readonly leastSliceRows?: number;
  /** Of the bootstrap, so that the same rows give the same verdict. Default 1. */
  readonly seed?: number;
}

/** One condition of the gate. */
export interface Condition {
  /** 1 or 0, since a pipeline's condition compares numbers. */
  readonly met: 0 | 1;
  /** With the numbers. */
  readonly reason: string;
}

export interface SliceVerdict {
  readonly name: string;
  readonly candidate: Accuracy;
  readonly champion: Accuracy | undefined;
  /** Candidate minus champion on the slice, with its interval. */
  readonly improvement: Improvement | undefined;
  /** Whether the slice is large enough to decide. */
  readonly isJudged: boolean;
}

/** `deploy`: all conditions hold. `hold`: good enough to be registered, a person decides. `refuse`: below the floor. */
export type Decision = "deploy" | "hold" | "refuse";

export interface Verdict {
  readonly decision: Decision;
  /** 1 when the decision is `deploy`. */
  readonly deploy: 0 | 1;
  /** 1 when the decision is `deploy` or `hold`. */
  readonly register: 0 | 1;
  readonly reason: string;
  readonly conditions: {
    readonly floor: Condition;
    readonly improvement: Condition;
    readonly recall: Condition;
    readonly slices: Condition;
  };
  readonly candidate: ModelScores;
  /** Undefined for the first model. */
  readonly champion: ModelScores | undefined;
  readonly improvement: Improvement | undefined;
  readonly slices: readonly SliceVerdict[];
}

type ComparedRow = JudgedRow & { readonly champion: string };

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (difference: number): string => `${difference >= 0 ? "+" : "−"}${Math.abs(100 * difference).toFixed(2)}`;

/** Throws unless the champion answered all rows or none. */
function comparedRows(rows: readonly JudgedRow[]): readonly ComparedRow[] | undefined {
  const compared = rows.filter((row): row is ComparedRow => row.champion !== undefined);
  if (compared.length === 0) return undefined;
  if (compared.length < rows.length)
    throw new Error(`The champion answered ${compared.length} of ${rows.length} rows.`);
  return compared;
}

function compare(rows: readonly ComparedRow[], seed: number): Improvement {
  const outcomes = { onlyFirst: 0, onlySecond: 0, total: rows.length };
  for (const { actual, candidate, champion } of rows) {
    if (candidate === champion) continue;
    if (candidate === actual) outcomes.onlyFirst += 1;
    else if (champion === actual) outcomes.onlySecond += 1;
  }
  return improvementOf(outcomes, seed);
}

function improvementOf(outcomes: PairedOutcomes, seed: number): Improvement {
  return {
    ...pairedBootstrap(outcomes, { random: createRandom(seed) }),
    onlyCandidate: outcomes.onlyFirst,
    onlyChampion: outcomes.onlySecond,
    mcNemarP: reportedPValue(mcNemarTest(outcomes)),
  };
}

function sliceVerdicts(rows: readonly JudgedRow[], leastRows: number, seed: number): SliceVerdict[] {
  const names = [...new Set(rows.flatMap(({ slices }) => slices))].sort();
  return names.map((name) => {
    const part = rows.filter(({ slices }) => slices.includes(name));
    const compared = comparedRows(part);
    const right = (model: "candidate" | "champion"): number => part.filter((row) => row[model] === row.actual).length;
    return {
      name,
      candidate: accuracyOf(right("candidate"), part.length),
      champion: compared && accuracyOf(right("champion"), part.length),
      improvement: compared && compare(compared, seed),
      isJudged: part.length >= leastRows,
    };
  });
}

function judgeFloor({ value, low, high }: Accuracy, threshold: number): Condition {
  return {
    met: value >= threshold ? 1 : 0,
    reason: `accuracy ${percent(value)} (95 % interval ${percent(low)} to ${percent(high)}), floor ${percent(threshold)}`,
  };
}

function judgeImprovement(improvement: Improvement | undefined): Condition {
  if (improvement === undefined) return { met: 1, reason: "there is no live model to be better than" };
  const { difference, low, high, mcNemarP } = improvement;
  return {
    met: low > 0 ? 1 : 0,
    reason: `${points(difference)} points against the live model (95 % interval ${points(low)} to ${points(high)}, McNemar p = ${mcNemarP.toPrecision(2)})`,
  };
}

function judgeRecall(candidate: ModelScores, champion: ModelScores | undefined, largestLoss: number): Condition {
  const before = new Map(champion?.classes.map(({ name, recall }) => [name, recall]));
  const losses = candidate.classes.map(({ name, recall }) => ({ name, loss: (before.get(name) ?? recall) - recall }));
  const lost = losses.filter(({ loss }) => loss > largestLoss);
  if (lost.length === 0) return { met: 1, reason: `no class loses more than ${100 * largestLoss} points of recall` };
  const named = lost.map(({ name, loss }) => `${name} ${points(-loss)}`).join(", ");
  return { met: 0, reason: `recall falls by more than ${100 * largestLoss} points: ${named}` };
}

function judgeSlices(slices: readonly SliceVerdict[], largestLoss: number): Condition {
  const lost = slices.filter(
    ({ isJudged, improvement }) => isJudged && improvement !== undefined && -improvement.difference > largestLoss,
  );
  if (lost.length === 0) return { met: 1, reason: `no slice loses more than ${100 * largestLoss} points` };
  const named = lost.map(({ name, improvement }) => `${name} ${points(improvement?.difference ?? 0)}`).join(", ");
  return { met: 0, reason: `accuracy falls by more than ${100 * largestLoss} points on ${named}` };
}

function decide(conditions: Verdict["conditions"]): Pick<Verdict, "decision" | "deploy" | "register" | "reason"> {
  const { floor, improvement, recall, slices } = conditions;
  if (floor.met === 0)
    return { decision: "refuse", deploy: 0, register: 0, reason: `Below the floor: ${floor.reason}.` };
  const missed = [improvement, recall, slices].filter(({ met }) => met === 0);
  if (missed.length === 0) {
    return {
      decision: "deploy",
      deploy: 1,
      register: 1,
      reason: `All conditions hold: ${floor.reason}; ${improvement.reason}.`,
    };
  }
  const reasons = missed.map(({ reason }) => reason).join("; ");
  return { decision: "hold", deploy: 0, register: 1, reason: `Not shown to be better: ${reasons}.` };
}

/**
 * Whether a candidate may replace the live model (S-X1): its accuracy on the frozen hold-out reaches the floor; the paired improvement over the live
 * model on the same rows has a 95 % interval above zero; no class loses more recall and no slice more accuracy than its margin. The first model needs
 * the floor only. Throws without rows, and when the champion answered only some.
 */
export function judgeCandidate(rows: readonly JudgedRow[], settings: GateSettings = {}): Verdict {
  const {
    accuracyThreshold = 0.8,
    largestRecallLoss = 0.05,
    largestSliceLoss = 0.02,
    leastSliceRows = 400,
    seed = 1,
  } = settings;
  if (rows.length === 0) throw new Error("There is nothing to judge the model on: the hold-out is empty.");
  const actual = rows.map((row) => row.actual);
  const candidate = scoreModel(
    actual,
    rows.map((row) => row.candidate),
  );
  const compared = comparedRows(rows);
  const champion =
    compared &&
    scoreModel(
      actual,
      compared.map((row) => row.champion),
    );
  const improvement = compared && compare(compared, seed);
  const slices = sliceVerdicts(rows, leastSliceRows, seed);
  const conditions = {
    floor: judgeFloor(candidate.accuracy, accuracyThreshold),
    improvement: judgeImprovement(improvement),
    recall: judgeRecall(candidate, champion, largestRecallLoss),
    slices: judgeSlices(slices, largestSliceLoss),
  };
  return { ...decide(conditions), conditions, candidate, champion, improvement, slices };
}
