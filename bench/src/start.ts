/**
 * How long a bare server takes until it is ready, on a new home and on one that is there, and what it holds in memory when it has nothing to do.
 *
 *     node bench/src/start.ts --rounds 5
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { launchServer } from "@rondo/conformance/launch-server";
import { processMemory, processTree } from "./process-memory.ts";
import { writeResult } from "./write-result.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const settleMs = 3000;

interface Start {
  readonly readyMs: number;
  readonly serverBytes: number;
  /** Of all processes together: the database's shared pages count once for each of its processes. */
  readonly treeBytes: number;
}

async function start(home: string): Promise<Start> {
  const begin = performance.now();
  await using server = await launchServer({ home });
  const readyMs = performance.now() - begin;
  await delay(settleMs);
  const bytes = processTree(server.process.pid!).map((pid) => processMemory(pid).bytes);
  return { readyMs, serverBytes: bytes[0] ?? 0, treeBytes: bytes.reduce((sum, part) => sum + part, 0) };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const first: Start[] = [];
const later: Start[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  const home = await mkdtemp(join(tmpdir(), "rondo-bench-"));
  first.push(await start(home));
  later.push(await start(home));
  await rm(home, { recursive: true, force: true });
}
const result = {
  firstReadyMs: median(first.map(({ readyMs }) => readyMs)),
  laterReadyMs: median(later.map(({ readyMs }) => readyMs)),
  idleServerBytes: median(later.map(({ serverBytes }) => serverBytes)),
  idleTreeBytes: median(later.map(({ treeBytes }) => treeBytes)),
};
console.log(
  `ready in ${result.firstReadyMs.toFixed(0)} ms on a new home, in ${result.laterReadyMs.toFixed(0)} ms on one that is there; idle: ` +
    `${(result.idleServerBytes / 1e6).toFixed(0)} MB for the server, ${(result.idleTreeBytes / 1e6).toFixed(0)} MB with its database`,
);
await writeResult("start", { rounds: values.rounds, ...result });
