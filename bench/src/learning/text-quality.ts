import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LabelledText, scoreText, type TextClassifierModel, textClassifier } from "@rondo/learn";
import { createRandom, pairedBootstrap, wilsonInterval } from "@rondo/statistics";
import type { Figure, LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";
import { type LabelledSplit, loadLabelledSplit, type TextSet } from "./text-sets.ts";

const PEER = "text_peer.py";

/** The best peer of the reference figures on each set, and what is to be reached. */
const singleSets = [
  { name: "imdb", method: "nb-logistic-2", goal: 0.915 },
  { name: "proscons", method: "tfidf-logistic-3", goal: 0.95 },
  { name: "mr", method: "nbsvm-2", goal: 0.795 },
] as const;
const severalSets = [
  { name: "reuters", method: "tfidf-svc-1", micro: 0.886, macro: 0.59 },
  { name: "goemotions", method: "tfidf-svc-2", micro: undefined, macro: 0.454 },
] as const;

/** Accuracy, and F1 of several labels, beside scikit-learn. Settings, thresholds and calibration come from train alone. */
export const textQuality: LearningBench = {
  name: "text",
  kind: "quality",
  peers: ["scikit-learn==1.9.1", "numpy==2.4.6", "scipy==1.17.1"],
  async *run(context) {
    const folder = await mkdtemp(join(tmpdir(), "bench-text-"));
    try {
      for (const { name, method, goal } of singleSets) {
        const split = await loadOrSkip(context, name);
        if (split) yield* compareSingle(context, { name, method, goal, split, folder });
      }
      for (const { name, method, micro, macro } of severalSets) {
        const split = await loadOrSkip(context, name);
        if (split) yield* compareSeveral(context, { name, method, goals: { micro, macro }, split, folder });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function loadOrSkip({ data, log }: LearningBenchContext, name: TextSet): Promise<LabelledSplit | undefined> {
  try {
    return await loadLabelledSplit(data, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    log(`${name}: not in ${data}, left out`);
    return undefined;
  }
}

/** JSON lines, as the peer reads them. */
export async function writeTexts(path: string, texts: readonly LabelledText[]): Promise<string> {
  await writeFile(path, texts.map((text) => `${JSON.stringify(text)}\n`).join(""));
  return path;
}

/** What was chosen on train. */
function describeModel({ weighting, frequencies }: TextClassifierModel, seconds: number): string {
  const characters = weighting.maxChar > 0 ? `, characters 2–${weighting.maxChar}` : "";
  return `words 1–${weighting.wordNgrams}${characters}, ${frequencies.length} features, ${Math.round(seconds)} s`;
}

function reachedBy(value: number, goal: number | undefined): Pick<Figure, "goal"> {
  return goal === undefined ? {} : { goal: { text: `≥ ${goal}`, reached: value >= goal } };
}

async function fitTimed(train: readonly LabelledText[], thresholds: "common" | "per-label", threads: number) {
  const start = performance.now();
  const model = await textClassifier.fit({ thresholds }, { train }, { seed: 0, threads });
  return { model, seconds: (performance.now() - start) / 1000 };
}

interface SingleComparison {
  readonly name: TextSet;
  readonly method: string;
  readonly goal: number;
  readonly split: LabelledSplit;
  readonly folder: string;
}

async function* compareSingle(
  context: LearningBenchContext,
  { name, method, goal, split, folder }: SingleComparison,
): AsyncGenerator<Measurement> {
  const { train, test } = split;
  const { model, seconds } = await fitTimed(train, "common", context.threads);
  const given = textClassifier.predict(model, test).map(([best]) => best?.label);
  const files = await Promise.all([
    writeTexts(join(folder, "train.jsonl"), train),
    writeTexts(join(folder, "test.jsonl"), test),
  ]);
  const peer = await runPeer<{ labels: string[]; version: string }>(context, PEER, ["single", ...files, method]);
  const isRight = (labels: readonly (string | undefined)[], index: number): boolean =>
    labels[index] === test[index]?.labels[0];
  const outcomes = { onlyFirst: 0, onlySecond: 0, total: test.length };
  const right = { ours: 0, peer: 0 };
  for (const index of test.keys()) {
    const [own, other] = [isRight(given, index), isRight(peer.labels, index)];
    if (own) right.ours++;
    if (other) right.peer++;
    if (own && !other) outcomes.onlyFirst++;
    if (other && !own) outcomes.onlySecond++;
  }
  const accuracy = right.ours / test.length;
  const ahead = pairedBootstrap(outcomes, { random: createRandom(1) });
  yield {
    data: name,
    program: "rondo",
    setting: describeModel(model, seconds),
    figures: {
      accuracy: { value: accuracy, ...wilsonInterval(right.ours, test.length), ...reachedBy(accuracy, goal) },
      "ahead of the peer by": { value: ahead.difference, low: ahead.low, high: ahead.high },
    },
  };
  yield {
    data: name,
    program: `scikit-learn ${peer.version}`,
    setting: method,
    figures: { accuracy: { value: right.peer / test.length, ...wilsonInterval(right.peer, test.length) } },
  };
}

interface SeveralComparison extends Omit<SingleComparison, "goal"> {
  readonly goals: { readonly micro: number | undefined; readonly macro: number };
}

/** Two operating points, each a training of its own: one threshold for the best micro-F1, one per label for the best macro-F1. */
async function* compareSeveral(
  context: LearningBenchContext,
  { name, method, goals, split, folder }: SeveralComparison,
): AsyncGenerator<Measurement> {
  const { train, test } = split;
  for (const thresholds of ["common", "per-label"] as const) {
    const { model, seconds } = await fitTimed(train, thresholds, context.threads);
    const outcomes = test.map(({ text, labels }) => outcomesOf(model, scoreText(model, text), labels));
    const { micro, macro } = f1With(outcomes, model.labels.length);
    const figures = {
      "micro-F1": { ...micro, ...(thresholds === "common" ? reachedBy(micro.value, goals.micro) : {}) },
      "macro-F1": { ...macro, ...(thresholds === "per-label" ? reachedBy(macro.value, goals.macro) : {}) },
    };
    const setting = `${thresholds === "common" ? "one threshold" : "one per label"}: ${describeModel(model, seconds)}`;
    yield { data: name, program: "rondo", setting, figures };
  }
  const files = await Promise.all([
    writeTexts(join(folder, "train.jsonl"), train),
    writeTexts(join(folder, "test.jsonl"), test),
  ]);
  const peer = await runPeer<Record<string, number> & { version: string }>(context, PEER, [
    "several",
    ...files,
    method,
  ]);
  const figure = (key: string): Figure => ({ value: Number(peer[key]) });
  const program = `scikit-learn ${peer.version}`;
  const common = { "micro-F1": figure("microF1"), "macro-F1": figure("macroF1OneThreshold") };
  const perLabel = { "micro-F1": figure("microF1ThresholdPerLabel"), "macro-F1": figure("macroF1") };
  yield { data: name, program, setting: `one threshold: ${method}`, figures: common };
  yield { data: name, program, setting: `one per label: ${method}`, figures: perLabel };
}

/** Of one text: which labels it has, which it was given. */
interface LabelOutcomes {
  readonly had: readonly number[];
  readonly given: readonly number[];
}

function outcomesOf(model: TextClassifierModel, scores: Float64Array, labels: readonly string[]): LabelOutcomes {
  const { thresholds, operatingPoint } = model;
  const thresholdOf = (label: number): number =>
    operatingPoint === "common" ? thresholds.common : (thresholds.perLabel[label] ?? 0);
  return {
    had: labels.map((label) => model.labels.indexOf(label)),
    given: [...scores.keys()].filter((label) => (scores[label] ?? 0) >= thresholdOf(label)),
  };
}

const RESAMPLES = 1000;

/** Micro- and macro-F1 with percentile intervals over resampled texts. */
function f1With(outcomes: readonly LabelOutcomes[], labels: number): { micro: Figure; macro: Figure } {
  const random = createRandom(1);
  const point = f1Of(outcomes, labels);
  const resampled = Array.from({ length: RESAMPLES }, () =>
    f1Of(
      outcomes.map((_, __, all) => all[Math.floor(random() * all.length)] as LabelOutcomes),
      labels,
    ),
  );
  const figure = (read: (scores: { micro: number; macro: number }) => number): Figure => {
    const sorted = resampled.map(read).sort((one, other) => one - other);
    return { value: read(point), low: sorted[RESAMPLES * 0.025], high: sorted[RESAMPLES * 0.975] };
  };
  return { micro: figure(({ micro }) => micro), macro: figure(({ macro }) => macro) };
}

function f1Of(outcomes: readonly LabelOutcomes[], labels: number): { micro: number; macro: number } {
  const hits = new Float64Array(labels);
  const counted = new Float64Array(labels);
  for (const { had, given } of outcomes) {
    for (const label of had) counted[label] = (counted[label] ?? 0) + 1;
    for (const label of given) {
      counted[label] = (counted[label] ?? 0) + 1;
      if (had.includes(label)) hits[label] = (hits[label] ?? 0) + 1;
    }
  }
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const macro = sum(hits.map((hit, label) => (hit > 0 ? (2 * hit) / (counted[label] ?? 1) : 0))) / labels;
  return { micro: (2 * sum(hits)) / sum(counted), macro };
}
