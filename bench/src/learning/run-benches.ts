import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { writeResult } from "../write-result.ts";
import { learningBenches } from "./benches.ts";
import { describeMeasurement, isMissed } from "./describe-measurement.ts";
import type { LearningBench, Measurement } from "./learning-bench.ts";
import { peerEnvironment } from "./peer-environment.ts";

const HELP = `--data <folder> or RONDO_BENCH_DATA names the folder with the unpacked data sets; bench/README.md lists them. Sets that are missing are left out.`;

/**
 * `npm run bench:quality` and `npm run bench:speed`: every comparison of that kind, or those whose names are given; ours and the peers in turn, peers installed by
 * pip. Prints a table and writes bench/results/.
 */
export async function runBenches(kind: LearningBench["kind"]): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { data: { type: "string" }, threads: { type: "string" } },
    allowPositionals: true,
  });
  const benches = learningBenches.filter((bench) => bench.kind === kind);
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  const data = values.data ?? process.env["RONDO_BENCH_DATA"];
  if (unknown.length > 0 || data === undefined) {
    const known = benches.map(({ name }) => name).join(", ");
    console.error(unknown.length > 0 ? `There is no ${kind} bench ${unknown.join(", ")}. There are: ${known}.` : HELP);
    process.exitCode = 2;
    return;
  }
  const wanted = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const log = (line: string): void => console.error(line);
  const threads = Number(values.threads ?? Math.min(2, availableParallelism()));
  for (const bench of wanted) {
    console.log(`\n=== ${bench.name}, ${kind}`);
    const python = await peerEnvironment(bench.peers, log);
    const measurements: Measurement[] = [];
    for await (const measurement of bench.run({ data, python, threads, log })) {
      measurements.push(measurement);
      console.log(describeMeasurement(measurement));
    }
    if (measurements.some(isMissed)) process.exitCode = 1;
    const command = `npm run bench:${kind} -- ${bench.name} --data <folder> --threads ${threads}`;
    await writeResult(`${bench.name}-${kind}`, { threads, peers: bench.peers, measurements }, command);
  }
}
