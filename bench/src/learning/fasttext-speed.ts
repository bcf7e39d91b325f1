import { writeFile } from "node:fs/promises";
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
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";

const ROUNDS = 5;
/** What is to be reached: ours ÷ the peer's seconds. */
const GOAL = 1;
/** Reviews whose words get vectors: a million words, so that one round of fastText's takes seconds. */
const REVIEWS = 4000;

const vectorSettings = [
  { model: "skipgram", minn: 0, maxn: 0 },
  { model: "cbow", minn: 0, maxn: 0 },
  { model: "skipgram", minn: 3, maxn: 6 },
  { model: "cbow", minn: 3, maxn: 6 },
] as const;

type Timed = Pick<TrainingResult, "seconds" | "version"> & Partial<Pick<TrainingResult, "microsecondsPerText">>;

/** Training and prediction beside fastText, on the same files with the same settings, with one thread and with all. */
export const fastTextSpeed: LearningBench = {
  name: "fasttext",
  kind: "speed",
  peers: fastTextPeers,
  async *run(context) {
    await using folder = await temporaryFolder();
    const [train, test, model] = ["train", "test", "model"].map((name) => folder.path(name)) as [
      string,
      string,
      string,
    ];
    const threads = [...new Set([1, context.threads])];
    for (const name of textSets) {
      const split = await loadSet(context, name);
      if (split === undefined) continue;
      await writeSplit(split, train, test);
      for (const setting of supervisedSettings) {
        for (const thread of threads) {
          const given = ["train", train, test, model, JSON.stringify({ ...setting, thread })];
          yield* compare(context, { data: name, setting: describe("supervised", { ...setting, thread }) }, given);
        }
      }
      if (name !== "imdb") continue;
      await writeFile(test, await firstTexts(train, REVIEWS));
      for (const setting of vectorSettings) {
        for (const thread of threads) {
          const given = ["vectors", test, model, JSON.stringify({ ...setting, dim: 100, epoch: 1, thread })];
          const what = `${setting.model}${setting.maxn > 0 ? ", subwords" : ""}`;
          yield* compare(context, { data: `${name} ${REVIEWS}`, setting: `${what}, ${thread} threads` }, given);
        }
      }
    }
  },
};

async function* compare(
  context: LearningBenchContext,
  { data, setting }: Pick<Measurement, "data" | "setting">,
  given: readonly string[],
): AsyncGenerator<Measurement> {
  const ours: Timed[] = [];
  const peers: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await runOurs(given));
    peers.push(await runFastText(context, given));
  }
  const ratio = median(ours, "seconds") / median(peers, "seconds");
  const seconds = {
    value: median(ours, "seconds"),
    ratio,
    goal: { text: `≤ ${GOAL} × fastText`, reached: ratio <= GOAL },
  };
  const perText = (results: readonly Timed[]): Measurement["figures"] =>
    results[0]?.microsecondsPerText === undefined
      ? {}
      : { "µs a text": { value: median(results, "microsecondsPerText") } };
  yield { data, program: "rondo", setting, figures: { seconds, ...perText(ours) } };
  const program = `fasttext ${peers[0]?.version}`;
  yield { data, program, setting, figures: { seconds: { value: median(peers, "seconds") }, ...perText(peers) } };
}

function describe(what: string, { wordNgrams, epoch, thread }: Readonly<Record<string, number>>): string {
  return `${what}, ${wordNgrams}-grams, ${epoch} epochs, ${thread} threads`;
}

function median(results: readonly Timed[], figure: "seconds" | "microsecondsPerText"): number {
  const sorted = results.map((result) => result[figure] ?? Number.NaN).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
