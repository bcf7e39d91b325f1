import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadTextSet, type TextSet, type TextSplit, writeFastTextFile } from "../fasttext-data.ts";
import type { LearningBenchContext } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

const execute = promisify(execFile);
const program = fileURLToPath(new URL("./fasttext-ours.ts", import.meta.url));

export const fastTextPeers = ["fasttext-wheel==0.9.2", "numpy==2.4.6", "scikit-learn==1.9.1"] as const;

/** Supervised settings of the reference figures. */
export const supervisedSettings = [
  { wordNgrams: 1, epoch: 5, lr: 0.5, dim: 10 },
  { wordNgrams: 2, epoch: 10, lr: 0.5, dim: 10 },
] as const;

export interface TrainingResult {
  readonly seconds: number;
  readonly correct: number;
  readonly examples: number;
  readonly microsecondsPerText: number;
  readonly version: string;
}

/** Runs a command of fasttext-ours.ts. */
export async function runOurs<Result>(given: readonly string[]): Promise<Result> {
  const { stdout } = await execute(process.execPath, [program, ...given], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as Result;
}

/** Runs the same command of fasttext_peer.py. */
export function runFastText<Result>(context: LearningBenchContext, given: readonly string[]): Promise<Result> {
  return runPeer<Result>(context, "fasttext_peer.py", given);
}

/** A folder for files of this run, removed behind it. */
export async function temporaryFolder(): Promise<{ path(name: string): string } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), "bench-fasttext-"));
  return {
    path: (name) => join(directory, name),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

/** The set's lines in fastText's form, or undefined when it is not there. */
export async function loadSet({ data, log }: LearningBenchContext, name: TextSet): Promise<TextSplit | undefined> {
  try {
    return await loadTextSet(data, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    log(`${name}: not in ${data}, left out`);
    return undefined;
  }
}

export async function writeSplit(split: TextSplit, train: string, test: string): Promise<void> {
  await Promise.all([writeFastTextFile(train, split.train), writeFastTextFile(test, split.test)]);
}

/** The first texts of a file in fastText's form, without their labels. */
export async function firstTexts(path: string, count: number): Promise<string> {
  const lines = (await readFile(path, "utf8")).split("\n", count);
  return lines.map((line) => `${line.slice(line.indexOf(" ") + 1)}\n`).join("");
}
