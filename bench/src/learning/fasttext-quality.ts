import { writeFile } from "node:fs/promises";
import { createRandom, pairedBootstrap, wilsonInterval } from "@rondo/statistics";
import { textSets } from "../fasttext-data.ts";
import {
  fastTextPeers,
  firstTexts,
  loadSet,
  runFastText,
  runOurs,
  supervisedSettings,
  type TrainingResult,
  temporaryFolder,
  writeSplit,
} from "./fasttext-runs.ts";
import type { Figure, LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";

/** Lines on which both programs' answers with one model are compared. */
const EXCHANGED = 2000;
/** Words and n-grams that a quantised model keeps. */
const CUTOFF = 50_000;

/** Reviews whose words get vectors: 2.6 million words. */
const REVIEWS = 10_000;

const vectorSettings = [
  { model: "skipgram", minn: 0, maxn: 0, peer: "skipgram" },
  { model: "skipgram", minn: 3, maxn: 6, peer: "skipgram" },
  { model: "cbow", minn: 0, maxn: 0, peer: "cbow" },
  { model: "batch-skipgram", minn: 0, maxn: 0, peer: "skipgram" },
] as const;

type Counted = Pick<TrainingResult, "correct" | "examples">;
type Answers = readonly (readonly [string, number])[];

interface Paths {
  readonly train: string;
  readonly test: string;
  readonly ours: string;
  readonly peers: string;
  readonly small: string;
  /** Training texts of imdb without labels. */
  readonly text: string;
}

/** Accuracy beside fastText with equal settings, models exchanged both ways, quantised models, and what word vectors are good for. */
export const fastTextQuality: LearningBench = {
  name: "fasttext",
  kind: "quality",
  peers: fastTextPeers,
  async *run(context) {
    await using folder = await temporaryFolder();
    const paths = {
      train: folder.path("train"),
      test: folder.path("test"),
      ours: folder.path("ours.bin"),
      peers: folder.path("peers.bin"),
      small: folder.path("small.ftz"),
      text: folder.path("text"),
    };
    for (const name of textSets) {
      const split = await loadSet(context, name);
      if (split === undefined) continue;
      await writeSplit(split, paths.train, paths.test);
      for (const setting of supervisedSettings) yield* compareClassifiers(context, name, setting, paths);
      yield* compareQuantised(context, name, paths);
      if (name === "imdb") await writeFile(paths.text, await firstTexts(paths.train, REVIEWS));
    }
    const sentences = await loadSet(context, "mr");
    if (sentences === undefined || (await loadSet(context, "imdb")) === undefined) return;
    await writeSplit(sentences, paths.train, paths.test);
    for (const setting of vectorSettings) yield* compareVectors(context, setting, paths);
  },
};

async function* compareClassifiers(
  context: LearningBenchContext,
  data: string,
  setting: (typeof supervisedSettings)[number],
  { train, test, ours, peers }: Paths,
): AsyncGenerator<Measurement> {
  const given = JSON.stringify({ ...setting, thread: 1 });
  const own = await runOurs<TrainingResult>(["train", train, test, ours, given]);
  const other = await runFastText<TrainingResult>(context, ["train", train, test, peers, given]);
  const name = `supervised, ${setting.wordNgrams}-grams, ${setting.epoch} epochs`;
  yield* accuracies({ data, setting: name }, own, other);
  for (const [whose, model] of [
    ["our model", ours],
    ["its model", peers],
  ] as const) {
    yield { data, program: "both", setting: `${name}, ${whose}`, figures: await compareAnswers(context, model, test) };
  }
}

/** Labels and probabilities that both programs give with one model. */
async function compareAnswers(
  context: LearningBenchContext,
  model: string,
  test: string,
): Promise<Measurement["figures"]> {
  const given = ["predict", model, test, String(EXCHANGED)];
  const [own, other] = [await runOurs<Answers>(given), await runFastText<Answers>(context, given)];
  const differing = own.filter(([label], index) => label !== other[index]?.[0]).length;
  const differences = own.map(([, probability], index) => Math.abs(probability - (other[index]?.[1] ?? Number.NaN)));
  const largest = Math.max(...differences);
  return {
    "labels that differ": { value: differing, goal: { text: "0", reached: differing === 0 } },
    "largest difference": { value: largest, goal: { text: "≤ 1e-5", reached: largest <= 1e-5 } },
  };
}

/** Each program quantises the model that it has learned before; then ours is read by the other. */
async function* compareQuantised(
  context: LearningBenchContext,
  data: string,
  { test, ours, peers, small }: Paths,
): AsyncGenerator<Measurement> {
  const given = JSON.stringify({ cutoff: CUTOFF });
  type Quantised = Counted & { readonly bytes: number; readonly seconds: number };
  const other = await runFastText<Quantised>(context, ["quantise", peers, small, test, given]);
  const own = await runOurs<Quantised>(["quantise", ours, small, test, given]);
  const setting = `quantised, cutoff ${CUTOFF}`;
  for await (const { figures, ...rest } of accuracies({ data, setting }, own, other)) {
    const { bytes, seconds } = rest.program === "rondo" ? own : other;
    yield { ...rest, figures: { ...figures, bytes: { value: bytes }, seconds: { value: seconds } } };
  }
  yield {
    data,
    program: "both",
    setting: `${setting}, our model`,
    figures: await compareAnswers(context, small, test),
  };
}

function* accuracies(
  what: Pick<Measurement, "data" | "setting">,
  own: Counted,
  other: Counted,
): Generator<Measurement> {
  const peer = accuracyOf(other);
  const accuracy = accuracyOf(own);
  const reached = accuracy.value >= (peer.low ?? 0);
  const goal = { text: "not below the interval of fastText's", reached };
  yield { ...what, program: "rondo", figures: { accuracy: { ...accuracy, goal } } };
  yield { ...what, program: "fasttext 0.9.2", figures: { accuracy: peer } };
}

function accuracyOf({ correct, examples }: Counted): Figure {
  return { value: correct / examples, ...wilsonInterval(correct, examples) };
}

/** Vectors of the reviews' words: a logistic regression on their mean judges sentences that it never saw, both by the same program. */
async function* compareVectors(
  context: LearningBenchContext,
  { peer, ...setting }: (typeof vectorSettings)[number],
  { train, test, ours, peers, text }: Paths,
): AsyncGenerator<Measurement> {
  const common = { ...setting, dim: 100, epoch: 5, thread: context.threads };
  await runOurs(["vectors", text, ours, JSON.stringify(common)]);
  await runFastText(context, ["vectors", text, peers, JSON.stringify({ ...common, model: peer })]);
  const own = await runFastText<boolean[]>(context, ["downstream", ours, train, test]);
  const other = await runFastText<boolean[]>(context, ["downstream", peers, train, test]);
  const count = (right: readonly boolean[]): Counted => ({
    correct: right.filter(Boolean).length,
    examples: right.length,
  });
  const what = `${setting.model}${setting.maxn > 0 ? ", subwords" : ""} of imdb, mean vectors`;
  const { difference, low, high } = pairedBootstrap(
    {
      onlyFirst: own.filter((right, index) => right && !other[index]).length,
      onlySecond: own.filter((right, index) => !right && other[index]).length,
      total: own.length,
    },
    { random: createRandom(1) },
  );
  const goal = { text: "not worse", reached: high >= 0 };
  const figures = { accuracy: accuracyOf(count(own)), difference: { value: difference, low, high, goal } };
  yield { data: "mr", program: "rondo", setting: what, figures };
  const program = `fasttext 0.9.2 ${peer}`;
  yield { data: "mr", program, setting: what, figures: { accuracy: accuracyOf(count(other)) } };
}
