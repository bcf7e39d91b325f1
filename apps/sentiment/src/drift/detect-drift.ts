import { type Interval, populationShift, proportionDifference, wilsonInterval } from "@rondo/statistics";
import { reportedPValue } from "../gate/reported-p-value.ts";
import { type Histogram, histogramOf } from "./histogram.ts";
import { type InputProfile, profileInputs } from "./input-profile.ts";

/** A text that came back with the user's label. */
export interface RecentFeedback {
  /** Normalised. */
  readonly text: string;
  readonly userLabel: string;
  /** What the live model said. */
  readonly prediction: string;
  /** 0 to 1; undefined when the feedback came without. */
  readonly confidence: number | undefined;
}

/** What the live model was like on the validation part of its own data. */
export interface DriftReference {
  readonly inputs: InputProfile;
  readonly confidence: Histogram;
  readonly accuracy: { readonly correct: number; readonly n: number };
  /** The words of its training data. */
  readonly vocabulary: ReadonlySet<string>;
}

export interface DriftSettings {
  /** Share of runs on unchanged traffic that may advise retraining. Default 0.05, split evenly among the tests (Bonferroni). */
  readonly falseAlarmBudget?: number;
  /** A shift below this is no reason, however certain it is. Default 0.1, where Siddiqi's convention begins to call a shift small. */
  readonly leastShift?: number;
  /** With less feedback nothing is advised. Default 50: below it the tests find only what anybody would see. */
  readonly leastFeedback?: number;
}

export interface InputShift {
  readonly name: "length" | "unseen words" | "confidence";
  /** Population stability index; 0 for none. */
  readonly index: number;
  readonly pValue: number;
  /** Certain and large enough to be a reason. */
  readonly isShifted: boolean;
}

export interface DriftReport {
  readonly feedback: number;
  /** Undefined without feedback. */
  readonly accuracy: (Interval & { readonly value: number; readonly correct: number; readonly n: number }) | undefined;
  /** Recent accuracy minus the model's own on its validation part, with its interval; not a measure of the model: feedback is a biased sample. */
  readonly accuracyChange: (Interval & { readonly difference: number; readonly isDrop: boolean }) | undefined;
  readonly unseenWords: { readonly share: number; readonly referenceShare: number };
  readonly shifts: readonly InputShift[];
  readonly falseAlarmBudget: number;
  readonly isRetrainingAdvised: boolean;
  readonly reason: string;
}

/** Accuracy and three properties of the input: the tests that share the budget. */
const TESTS = 4;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function inputShifts(
  feedback: readonly RecentFeedback[],
  recent: InputProfile,
  { inputs, confidence }: DriftReference,
): Omit<InputShift, "isShifted">[] {
  const confidences = feedback.flatMap((row) => (row.confidence === undefined ? [] : [row.confidence]));
  const pairs: [InputShift["name"], Histogram, Histogram][] = [
    ["length", inputs.lengths, recent.lengths],
    ["unseen words", inputs.unseenWords, recent.unseenWords],
  ];
  if (confidences.length > 0) pairs.push(["confidence", confidence, histogramOf(confidences, confidence.edges)]);
  return pairs.map(([name, reference, now]) => {
    const { index, pValue } = populationShift(reference.counts, now.counts);
    return { name, index, pValue: reportedPValue(pValue) };
  });
}

/**
 * Whether traffic has moved away from what the live model was trained on: the accuracy on recent feedback against the model's own on its validation part (one-sided), and
 * the shift of lengths, unseen words and confidence. Each of the four tests gets a quarter of the false-alarm budget; a shift of the input must also be large.
 */
export function detectDrift(
  feedback: readonly RecentFeedback[],
  reference: DriftReference,
  settings: DriftSettings = {},
): DriftReport {
  const { falseAlarmBudget = 0.05, leastShift = 0.1, leastFeedback = 50 } = settings;
  const level = falseAlarmBudget / TESTS;
  const recent = profileInputs(
    feedback.map(({ text }) => text),
    reference.vocabulary,
  );
  const unseenWords = { share: recent.unseenShare, referenceShare: reference.inputs.unseenShare };
  const n = feedback.length;
  if (n === 0) {
    const reason = "There is no feedback since the model was trained.";
    const nothing = { accuracy: undefined, accuracyChange: undefined, shifts: [], isRetrainingAdvised: false };
    return { feedback: 0, unseenWords, falseAlarmBudget, reason, ...nothing };
  }
  const correct = feedback.filter(({ userLabel, prediction }) => userLabel === prediction).length;
  const isEnough = n >= leastFeedback;
  const change = proportionDifference(
    { successes: correct, trials: n },
    { successes: reference.accuracy.correct, trials: reference.accuracy.n },
  );
  const isDrop = isEnough && change.pValueOfDrop < level;
  const shifts = inputShifts(feedback, recent, reference).map((shift) => ({
    ...shift,
    isShifted: isEnough && shift.pValue < level && shift.index >= leastShift,
  }));
  const reasons = [
    ...(isDrop
      ? [
          `accuracy on feedback is ${percent(correct / n)}, ${(-100 * change.difference).toFixed(1)} points below the model's own`,
        ]
      : []),
    ...shifts.flatMap(({ name, index, isShifted }) =>
      isShifted ? [`${name} shifted (index ${index.toFixed(2)})`] : [],
    ),
  ];
  const calm = isEnough
    ? "Nothing that chance does not explain."
    : `${n} feedback rows are too few to tell; ${leastFeedback} are needed.`;
  return {
    feedback: n,
    accuracy: { value: correct / n, correct, n, ...wilsonInterval(correct, n) },
    accuracyChange: { difference: change.difference, low: change.low, high: change.high, isDrop },
    unseenWords,
    shifts,
    falseAlarmBudget,
    isRetrainingAdvised: reasons.length > 0,
    reason: reasons.length > 0 ? `Retraining is advised: ${reasons.join("; ")}.` : calm,
  };
}
