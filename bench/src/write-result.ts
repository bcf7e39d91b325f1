import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import path from "node:path";

// Figures of a machine that was busy with something else are worth nothing; this says whether it was.
const [loadBefore = 0] = loadavg();

/** Keeps what was measured, with machine, date and command, in bench/results/. One file per bench and day. */
export async function writeResult(
  bench: string,
  result: Readonly<Record<string, unknown>>,
  command = `node bench/src/${bench}.ts ${process.argv.slice(2).join(" ")}`.trim(),
): Promise<void> {
  const results = path.join(import.meta.dirname, "..", "results");
  const [processor] = cpus();
  const date = new Date().toISOString();
  const machine = {
    processor: processor?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    loadBefore,
  };
  await mkdir(results, { recursive: true });
  const file = path.join(results, `${bench}-${date.slice(0, 10)}.json`);
  await writeFile(file, `${JSON.stringify({ date, machine, command, ...result }, null, 2)}\n`);
  console.log(`written to ${path.relative(process.cwd(), file)}`);
}
