import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LearningBenchContext } from "./learning-bench.ts";

const execute = promisify(execFile);

/** Runs a program of bench/python/ and parses the JSON that it prints as its last line. Peers use as many threads as we do. */
export async function runPeer<Result>(
  { python, threads }: LearningBenchContext,
  script: string,
  programArguments: readonly string[],
): Promise<Result> {
  const program = fileURLToPath(new URL(`../../python/${script}`, import.meta.url));
  const environment = { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const { stdout } = await execute(python, [program, ...programArguments], {
    env: { ...process.env, ...environment },
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Result;
}
