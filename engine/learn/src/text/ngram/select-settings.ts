import { calibrateSigmoids, calibrateTemperature, sigmoidLoss, softmaxLoss } from "./calibration.ts";
import { type LabelledCorpus, signsOf } from "./labelled-corpus.ts";
import type { HeldOutScores, LinearTraining } from "./linear-training.ts";
import type { LinearSettings } from "./text-classifier-parameters.ts";
import { chooseThresholds, f1Scores } from "./thresholds.ts";

/** What the settings are to be good at: log-loss of labels that exclude each other, or an F1 of several. */
export type SelectionGoal = "log-loss" | "micro-f1" | "macro-f1";

export interface Selection {
  readonly corpus: LabelledCorpus;
  readonly training: LinearTraining;
  readonly goal: SelectionGoal;
  readonly folds: number;
  /** Settings that may be changed. */
  readonly free: ReadonlySet<keyof LinearSettings>;
  readonly stop?: AbortSignal;
  /** Awaited between slices of work. */
  pause(): Promise<void>;
}

/** Texts on which settings are compared: differences below a standard error of half a percent are left to chance. */
const TEXTS_JUDGED = 8_000;

/** Lengths, rarities and so on that are tried besides what there is, in their order. */
const TRIED = {
  wordNgrams: [2, 3],
  maxChar: [5],
  minDocumentFrequency: [1],
  naiveBayes: [0, 0.5, 1],
  cost: [0.125, 0.25, 0.5, 1, 2, 4],
} as const satisfies Partial<{ [Name in keyof LinearSettings]: readonly LinearSettings[Name][] }>;

/** Of the folds, those whose scores tell which settings are better. */
function foldsJudged({ corpus, folds }: Pick<Selection, "corpus" | "folds">): number {
  return Math.min(folds, Math.ceil((TEXTS_JUDGED * folds) / corpus.rows.rows));
}

/** How many models the selection trains at most for each output. */
export function modelsOfSelection({ corpus, folds, free }: Pick<Selection, "corpus" | "folds" | "free">): number {
  const names = Object.entries(TRIED).filter(([name]) => free.has(name as keyof LinearSettings));
  const candidates = names.reduce((sum, [, values]) => sum + values.length, 1);
  return candidates * foldsJudged({ corpus, folds });
}

/**
 * Chooses, one after the other, how long word n-grams are, whether there are n-grams of characters, how rare n-grams may be,
 * how much naive Bayes counts and what errors cost, each by scores of held-out parts of the training data. Longer n-grams
 * are tried as long as they help.
 */
export async function selectSettings(start: LinearSettings, selection: Selection): Promise<LinearSettings> {
  const { training, folds, free, stop } = selection;
  const judged = foldsJudged(selection);
  const qualitiesOf = async (candidates: readonly LinearSettings[]): Promise<number[]> => {
    const scores = await training.crossValidate(candidates, folds, judged);
    const qualities: number[] = [];
    for (const each of scores) qualities.push(await qualityOf(each, selection));
    return qualities;
  };
  let best = start;
  let quality = -Infinity;
  /** Takes the best of the values, if it is better than what there is. Those that share a weighting are trained together. */
  const choose = async <Name extends keyof LinearSettings>(
    name: Name,
    values: readonly LinearSettings[Name][],
    { isTogether }: { readonly isTogether: boolean },
  ): Promise<void> => {
    if (!free.has(name)) return;
    const candidates = values.map((value) => ({ ...best, [name]: value })).filter((each) => each[name] !== best[name]);
    const batches = isTogether ? [candidates] : candidates.map((candidate) => [candidate]);
    for (const batch of batches) {
      if (stop?.aborted || batch.length === 0) return;
      const qualities = await qualitiesOf(batch);
      const highest = Math.max(...qualities);
      if (stop?.aborted || highest <= quality) return;
      quality = highest;
      best = batch[qualities.indexOf(highest)];
    }
  };

  if (free.has("wordNgrams")) best = { ...best, wordNgrams: 1 };
  if (free.has("maxChar")) best = { ...best, maxChar: 0 };
  quality = (await qualitiesOf([best]))[0];
  await choose("wordNgrams", TRIED.wordNgrams, { isTogether: false });
  await choose("maxChar", TRIED.maxChar, { isTogether: false });
  await choose("minDocumentFrequency", TRIED.minDocumentFrequency, { isTogether: false });
  await choose("naiveBayes", TRIED.naiveBayes, { isTogether: true });
  await choose("cost", TRIED.cost, { isTogether: true });
  return best;
}

/** The higher the better. */
async function qualityOf(scores: HeldOutScores, { corpus, goal, pause }: Selection): Promise<number> {
  await pause();
  if (goal !== "log-loss") {
    const signs = scores.map((_, label) => signsOf(corpus, label));
    const { common, perLabel } = await chooseThresholds(scores, signs, pause);
    return goal === "micro-f1"
      ? f1Scores(scores, signs, () => common).micro
      : f1Scores(scores, signs, (label) => perLabel[label]).macro;
  }
  if (scores.length === 1) {
    const signs = signsOf(corpus, 1);
    return -sigmoidLoss(scores[0], signs, await calibrateSigmoids(scores, [signs], pause));
  }
  const labelOf = (row: number): number => corpus.labelNumbers[corpus.labelStarts[row]];
  return -softmaxLoss(scores, labelOf, (await calibrateTemperature(scores, labelOf, pause)).slopes[0]);
}
