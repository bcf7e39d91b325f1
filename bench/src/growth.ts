/**
 * How time and memory of training grow with the rows, each training in a process of its own. Writes the table between the comments of docs/performance.md and
 * the plot docs/growth.svg anew.
 *
 *     node bench/src/growth.ts --largest 10000000 --rounds 3 --threads 2
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { failureReason } from "./growth/failure-reason.ts";
import { type GrowthAlgorithm, type GrowthFigure, type GrowthRun, growthAlgorithms } from "./growth/growth-figure.ts";
import { growthPlot } from "./growth/growth-plot.ts";
import { growthTable } from "./growth/growth-table.ts";
import { replaceSection } from "./growth/replace-section.ts";
import { writeResult } from "./write-result.ts";

const SMALLEST = 10_000;
/** Of one training; the largest takes minutes on two cores. */
const DEADLINE_MS = 3_600_000;
const docs = join(import.meta.dirname, "..", "..", "docs");

const { values } = parseArgs({
  options: {
    largest: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
  },
});
const largest = Number(values.largest);
const rounds = Number(values.rounds);
const [load = 0] = loadavg();

async function measure(algorithm: GrowthAlgorithm, rows: number): Promise<GrowthFigure> {
  const runs: GrowthRun[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) runs.push(await runAlone(algorithm, rows));
  } catch (error) {
    const failure = failureReason(error);
    console.error(`${growthAlgorithms[algorithm]} with ${rows} rows failed: ${failure}`);
    process.exitCode = 1;
    return { algorithm, rows, outcome: { failure } };
  }
  const median = (part: keyof GrowthRun): number =>
    runs.map((run) => run[part]).toSorted((a, b) => a - b)[rounds >> 1]!;
  const outcome = { seconds: median("seconds"), dataBytes: median("dataBytes"), peakBytes: median("peakBytes") };
  return { algorithm, rows, outcome };
}

async function runAlone(algorithm: GrowthAlgorithm, rows: number): Promise<GrowthRun> {
  const program = join(import.meta.dirname, "growth-run.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program, algorithm, String(rows), values.threads], {
    timeout: DEADLINE_MS,
  });
  return JSON.parse(stdout) as GrowthRun;
}

async function writeDocs(figures: readonly GrowthFigure[], command: string): Promise<void> {
  const failures = figures.flatMap(({ algorithm, rows, outcome }) =>
    "failure" in outcome
      ? [`${growthAlgorithms[algorithm]} with ${rows.toLocaleString("en")} rows: ${outcome.failure}.`, ""]
      : [],
  );
  const section = [
    "![Seconds and memory of training by rows, on logarithmic axes](growth.svg)",
    "",
    growthTable(figures),
    "",
    ...failures,
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command}\` at a load of ${load.toFixed(1)} before: medians of ${rounds}, ${values.threads} threads.`,
  ].join("\n");
  await writeFile(join(docs, "growth.svg"), growthPlot(figures));
  const page = join(docs, "performance.md");
  await writeFile(page, replaceSection(await readFile(page, "utf8"), "growth", section));
}

const sizes: number[] = [];
for (let rows = SMALLEST; rows <= largest; rows *= 10) sizes.push(rows);
if (sizes.length === 0 || !(rounds >= 1)) throw new Error(`--largest is at least ${SMALLEST} and --rounds at least 1.`);

const figures: GrowthFigure[] = [];
for (const algorithm of Object.keys(growthAlgorithms) as GrowthAlgorithm[]) {
  for (const rows of sizes) {
    console.log(`${growthAlgorithms[algorithm]}, ${rows.toLocaleString("en")} rows …`);
    figures.push(await measure(algorithm, rows));
  }
}
const command = `node bench/src/growth.ts --largest ${largest} --rounds ${rounds} --threads ${values.threads}`;
console.log(`\n${growthTable(figures)}`);
await writeResult("growth", { rounds, threads: Number(values.threads), figures }, command);
await writeDocs(figures, command);
