import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wilsonInterval } from "@rondo/statistics";
import { loadTextSet, type TextSet, textSets, writeFastTextFile } from "./fasttext-data.ts";
import { writeResult } from "./write-result.ts";

/**
 * Trains our fastText and pip's in turn, on the same files with the same settings, and compares seconds, accuracy and
 * what each says with the other's model.
 *
 * RONDO_BENCH_DATA   folder with nltk/ and imdb-acl/ (sets that are missing are left out)
 * RONDO_BENCH_PYTHON Python with fasttext-wheel==0.9.2 and numpy (default python3)
 * RONDO_BENCH_ROUNDS times that each run is repeated; the median counts (default 3)
 */
const execute = promisify(execFile);
const ours = [process.execPath, fileURLToPath(new URL("./fasttext-ours.ts", import.meta.url))] as const;
const peer = [
  process.env["RONDO_BENCH_PYTHON"] ?? "python3",
  fileURLToPath(new URL("../python/fasttext_peer.py", import.meta.url)),
] as const;
const rounds = Number(process.env["RONDO_BENCH_ROUNDS"] ?? 3);
const data = process.env["RONDO_BENCH_DATA"];

const settings = [
  { wordNgrams: 1, epoch: 5, lr: 0.5, dim: 10 },
  { wordNgrams: 2, epoch: 10, lr: 0.5, dim: 10 },
] as const;

type Program = typeof ours | typeof peer;

interface TrainingResult {
  readonly seconds: number;
  readonly correct: number;
  readonly examples: number;
  readonly microsecondsPerText: number;
  readonly version: string;
}

async function run<Result>([executable, program]: Program, programArguments: readonly string[]): Promise<Result> {
  const { stdout } = await execute(executable, [program, ...programArguments], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Result;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function percent({ correct, examples }: TrainingResult): string {
  const { low, high } = wilsonInterval(correct, examples);
  return `${((100 * correct) / examples).toFixed(2)} [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`;
}

/**
 * The largest difference of a probability, over the first 2,000 test lines, and how many labels differ, between both
 * programs on one model.
 */
async function compareOn(model: string, test: string) {
  const [first, second] = await Promise.all(
    [ours, peer].map((program) => run<[string, number][]>(program, ["predict", model, test, "2000"])),
  );
  const pairs = (first ?? []).map((own, index) => [own, second?.[index] ?? ["", Number.NaN]] as const);
  return {
    lines: pairs.length,
    labelsThatDiffer: pairs.filter(([own, other]) => own[0] !== other[0]).length,
    largestDifference: Math.max(...pairs.map(([own, other]) => Math.abs(own[1] - other[1]))),
  };
}

async function benchSet(name: TextSet, directory: string, dataDirectory: string): Promise<object[]> {
  const split = await loadTextSet(dataDirectory, name);
  const [train, test] = [join(directory, `${name}.train`), join(directory, `${name}.test`)];
  await Promise.all([writeFastTextFile(train, split.train), writeFastTextFile(test, split.test)]);
  const results: object[] = [];
  for (const setting of settings) {
    for (const thread of [1, 2]) {
      const models = { ours: join(directory, "ours.bin"), peer: join(directory, "peer.bin") };
      const own: TrainingResult[] = [];
      const others: TrainingResult[] = [];
      for (let round = 0; round < rounds; round++) {
        const given = JSON.stringify({ ...setting, thread });
        own.push(await run(ours, ["train", train, test, models.ours, given]));
        others.push(await run(peer, ["train", train, test, models.peer, given]));
      }
      const seconds = {
        ours: median(own.map((result) => result.seconds)),
        peer: median(others.map((result) => result.seconds)),
      };
      const [ownResult, otherResult] = [own[0], others[0]];
      if (ownResult === undefined || otherResult === undefined) continue;
      const ratio = seconds.ours / seconds.peer;
      console.log(
        [
          `${name}, ${setting.wordNgrams}-grams, ${setting.epoch} epochs`.padEnd(30),
          `${thread}`.padStart(7),
          `${seconds.ours.toFixed(2)} s`.padStart(9),
          `${seconds.peer.toFixed(2)} s`.padStart(9),
          ratio.toFixed(2).padStart(6),
          percent(ownResult).padStart(22),
          percent(otherResult).padStart(22),
        ].join(" "),
      );
      results.push({
        set: name,
        setting: { ...setting, thread },
        seconds,
        ratio,
        microsecondsPerText: { ours: ownResult.microsecondsPerText, peer: otherResult.microsecondsPerText },
        accuracy: { ours: own.map(percent), peer: others.map(percent), examples: ownResult.examples },
        exchange: {
          ourModel: await compareOn(models.ours, test),
          peerModel: await compareOn(models.peer, test),
        },
        versions: { ours: ownResult.version, peer: `fasttext-wheel ${otherResult.version}` },
      });
    }
  }
  return results;
}

if (data === undefined) throw new Error("RONDO_BENCH_DATA must name the folder with nltk/ and imdb-acl/.");
const directory = await mkdtemp(join(tmpdir(), "bench-fasttext-"));
try {
  const results: object[] = [];
  console.log(
    `${"set and setting".padEnd(30)} threads      ours  fastText  ratio   ours, % right [95 %]        fastText [95 %]`,
  );
  for (const name of textSets) {
    try {
      results.push(...(await benchSet(name, directory, data)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      console.log(`${name}: not in ${data}, left out`);
    }
  }
  await writeResult("fasttext", { rounds, results });
} finally {
  await rm(directory, { recursive: true });
}
