import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";
import { writeTexts } from "./text-quality.ts";
import { loadLabelledSplit } from "./text-sets.ts";

const execute = promisify(execFile);
const OURS = fileURLToPath(new URL("./text-ours.ts", import.meta.url));
const ROUNDS = 5;

/** The same n-grams and weights as the peer's: TF-IDF of single words and bigrams in two texts at least, SVM with C = 1; nothing chosen, nothing calibrated. */
const SAME_AS_PEER = { selection: false, calibration: false, wordNgrams: 2, naiveBayes: 0, cost: 1 };
const SETTINGS = [
  { name: "as the peer: words 1–2, SVM", parameters: SAME_AS_PEER, goal: 1 },
  {
    name: "naive Bayes 0.5, calibrated on 5 folds",
    parameters: { ...SAME_AS_PEER, naiveBayes: 0.5, calibration: true },
  },
] as const;
const PEER_METHOD = "tfidf-svc-2";
const MOST_MICROSECONDS = 50;

interface Timing {
  readonly seconds: number;
  readonly accuracy: number;
  readonly microsecondsPerText: number;
}

/** Seconds from texts to a trained model, ours and scikit-learn's in turn, each in a process of its own. */
export const textSpeed: LearningBench = {
  name: "text",
  kind: "speed",
  peers: ["scikit-learn==1.9.1", "numpy==2.4.6", "scipy==1.17.1"],
  async *run(context) {
    const folder = await mkdtemp(join(tmpdir(), "bench-text-"));
    try {
      for (const name of ["imdb", "proscons", "mr"] as const) {
        const split = await loadLabelledSplit(context.data, name).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
          context.log(`${name}: not in ${context.data}, left out`);
          return undefined;
        });
        if (split === undefined) continue;
        const train = await writeTexts(join(folder, "train.jsonl"), split.train);
        const test = await writeTexts(join(folder, "test.jsonl"), split.test);
        yield* compare(context, name, [train, test]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function* compare(
  context: LearningBenchContext,
  data: string,
  files: readonly [string, string],
): AsyncGenerator<Measurement> {
  const ours: Timing[][] = SETTINGS.map(() => []);
  const peers: (Timing & { readonly version: string })[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { parameters }] of SETTINGS.entries()) {
      const given = [...files, String(context.threads), JSON.stringify(parameters)];
      const { stdout } = await execute(process.execPath, [OURS, ...given], { maxBuffer: 2 ** 26 });
      ours[index]?.push(JSON.parse(stdout) as Timing);
    }
    peers.push(await runPeer(context, "text_peer.py", ["time", ...files, PEER_METHOD]));
  }
  const peer = medianOf(peers);
  for (const [index, { name, ...rest }] of SETTINGS.entries()) {
    const { seconds, accuracy, microsecondsPerText } = medianOf(ours[index] ?? []);
    const ratio = seconds / peer.seconds;
    const goal = "goal" in rest ? { text: `ratio ≤ ${rest.goal}`, reached: ratio <= rest.goal } : undefined;
    const isFast = microsecondsPerText < MOST_MICROSECONDS;
    yield {
      data,
      program: "rondo",
      setting: `${name}, ${context.threads} threads`,
      figures: {
        "train s": { value: seconds, ratio, goal },
        "one short text µs": {
          value: microsecondsPerText,
          goal: { text: `< ${MOST_MICROSECONDS}`, reached: isFast },
        },
        accuracy: { value: accuracy },
      },
    };
  }
  yield {
    data,
    program: `scikit-learn ${peers[0]?.version}`,
    setting: PEER_METHOD,
    figures: {
      "train s": { value: peer.seconds },
      "one short text µs": { value: peer.microsecondsPerText },
      accuracy: { value: peer.accuracy },
    },
  };
}

function medianOf(timings: readonly Timing[]): Timing {
  const median = (read: (timing: Timing) => number): number =>
    timings.map(read).sort((one, other) => one - other)[Math.floor(timings.length / 2)] ?? Number.NaN;
  return {
    seconds: median(({ seconds }) => seconds),
    accuracy: median(({ accuracy }) => accuracy),
    microsecondsPerText: median(({ microsecondsPerText }) => microsecondsPerText),
  };
}
