import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Figure, LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

const execute = promisify(execFile);
const ROWS = 1_000_000;
const COLUMNS = 30;
const ROUNDS = 5;
const MATRIX_BYTES = ROWS * COLUMNS * Float32Array.BYTES_PER_ELEMENT;
/** What is to be reached beside pandas.read_csv. */
const TIME_GOAL = 1.5;
const MEMORY_GOAL = 2;
const SEED = 20261121;

/** The texts of numbers: as a program writes doubles, and as people round them. */
const texts = {
  "16 digits": (value: number) => String(value),
  "4 decimals": (value: number) => value.toFixed(4),
} as const;

interface ReadResult {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly rows: number;
  readonly columns: number;
  readonly sum: number;
}

/** A CSV file of 1 M × 30 random numbers into a table, beside pandas.read_csv; time and memory of processes of their own. */
export const tablesSpeed: LearningBench = {
  name: "tables",
  kind: "speed",
  peers: ["pandas==3.1.1"],
  async *run(context) {
    const folder = await mkdtemp(join(tmpdir(), "tables-speed-"));
    try {
      for (const [setting, toText] of Object.entries(texts)) {
        const path = join(folder, "table.csv");
        await pipeline(writeRows(toText), createWriteStream(path));
        yield* compare(context, setting, path);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function* compare(context: LearningBenchContext, setting: string, path: string): AsyncGenerator<Measurement> {
  const program = fileURLToPath(new URL("./tables-ours.ts", import.meta.url));
  const ours: ReadResult[] = [];
  const peers: (ReadResult & { readonly version: string })[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { stdout } = await execute(process.execPath, [program, path]);
    ours.push(JSON.parse(stdout) as ReadResult);
    peers.push(await runPeer(context, "tables_peer.py", [path]));
  }
  for (const result of [...ours, ...peers]) checkResult(result, ours[0]?.sum ?? Number.NaN);
  const ratio = median(ours, "seconds") / median(peers, "seconds");
  const data = `${ROWS / 1e6} M × ${COLUMNS} CSV`;
  yield {
    data,
    program: "rondo",
    setting,
    figures: {
      seconds: {
        value: median(ours, "seconds"),
        ratio,
        goal: { text: `≤ ${TIME_GOAL} × pandas.read_csv`, reached: ratio <= TIME_GOAL },
      },
      memory: memoryFigure(median(ours, "peakBytes"), true),
    },
  };
  yield {
    data,
    program: `pandas ${peers[0]?.version}`,
    setting,
    figures: { seconds: { value: median(peers, "seconds") }, memory: memoryFigure(median(peers, "peakBytes"), false) },
  };
}

/** The most memory that reading took, as a multiple of the matrix of 32 bit numbers. */
function memoryFigure(peakBytes: number, isOurs: boolean): Figure {
  const value = peakBytes / MATRIX_BYTES;
  return isOurs ? { value, goal: { text: `≤ ${MEMORY_GOAL} matrices`, reached: value <= MEMORY_GOAL } } : { value };
}

/** Both read the same: sums of 32 and 64 bit numbers agree to what rounding allows. */
function checkResult({ rows, columns, sum }: ReadResult, expected: number): void {
  if (rows !== ROWS || columns !== COLUMNS || Math.abs(sum - expected) > 1) {
    throw new Error(`Read ${rows} × ${columns} with sum ${sum} instead of ${ROWS} × ${COLUMNS} with sum ${expected}.`);
  }
}

function median(results: readonly ReadResult[], figure: "seconds" | "peakBytes"): number {
  const sorted = results.map((result) => result[figure]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function* writeRows(toText: (value: number) => string): Generator<string> {
  let state = SEED;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647 - 0.5) * 20;
  };
  for (let start = 0; start < ROWS; start += 1000) {
    const lines = Array.from({ length: Math.min(1000, ROWS - start) }, (_, line) => {
      const features = Array.from({ length: COLUMNS }, () => toText(random()));
      return `${(start + line) % 2},${features.join(",")}\n`;
    });
    yield lines.join("");
  }
}
