/**
 * Starts a server, ends it with a signal at a random moment (while it starts, too), and starts it again at once on the same home, often before the former
 * one is gone. Every start either becomes ready or says clearly that another Rondo, which is alive, has the home.
 *
 *     node conformance/src/restart.ts --rounds 30 --sql embedded --seed 1
 *
 * The signals and moments come from a seeded generator; what happens between them is up to the machine.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readyUrl } from "./launch-server.ts";

const longestMomentMs = 1500;
const startDeadlineMs = 60_000;
const refusal = /Another Rondo \(process \d+/;

/** How a user, a terminal, an init system or a lack of memory ends a server. */
const endings = {
  interrupt: (pid: number) => process.kill(pid, "SIGINT"),
  terminate: (pid: number) => process.kill(pid, "SIGTERM"),
  kill: (pid: number) => process.kill(pid, "SIGKILL"),
  "interrupt twice": (pid: number) => process.kill(pid, "SIGINT") && process.kill(pid, "SIGINT"),
  // Ctrl-C in a terminal: every process of the group gets it.
  "interrupt the group": (pid: number) => process.kill(-pid, "SIGINT"),
} as const;

interface Start {
  readonly process: ChildProcess;
  /** The address, or undefined when it ended before it was ready. */
  readonly ready: Promise<string | undefined>;
  readonly errors: Promise<string>;
}

function start(home: string, sql: string): Start {
  const child = spawn(
    process.execPath,
    ["cli/bin/rondo.js", "start", "--no-bootstrap", "--port", "0", "--home", home],
    {
      env: { ...process.env, RONDO_SQL: sql, DATABASE_URL: "" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a process group of its own, as a shell makes one
    },
  );
  return { process: child, ready: readyUrl(child).catch(() => undefined), errors: text(child.stderr!) };
}

const isAlive = ({ process: { exitCode, signalCode } }: Start): boolean => exitCode === null && signalCode === null;

async function ended(server: Start): Promise<void> {
  if (isAlive(server)) await once(server.process, "exit", { signal: AbortSignal.timeout(startDeadlineMs) });
}

/** Starts until one is ready, `first` being the first try; a refusal counts as right only while the former server lives. */
async function startAgain(launch: () => Start, former: Start | undefined, first: Start): Promise<[Start, number]> {
  let server = first;
  let formerWasAlive = former !== undefined;
  for (let refusals = 0; ; refusals += 1) {
    const url = await server.ready;
    if (url !== undefined) {
      const health = await fetch(`${url}/_rondo/health`, { signal: AbortSignal.timeout(startDeadlineMs) });
      assert.equal(health.status, 200);
      return [server, refusals];
    }
    const said = await server.errors;
    const isRefusal = formerWasAlive && refusal.test(said);
    assert.ok(isRefusal, `A start ended with exit code ${server.process.exitCode} and said:\n${said}`);
    await ended(former!);
    formerWasAlive = false;
    server = launch();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "30" },
      sql: { type: "string", default: "embedded" },
      seed: { type: "string", default: "1" },
    },
  });
  const home = await mkdtemp(join(tmpdir(), "rondo-restart-"));
  const launch = () => start(home, values.sql);
  let state = Number(values.seed);
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  let server = launch();
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const [name, end] = Object.entries(endings)[random(Object.keys(endings).length)]!;
    const whenReady = random(2) === 0;
    const overlaps = random(3) > 0;
    const moment = random(longestMomentMs);
    const url = whenReady ? await server.ready : undefined;
    const early = overlaps ? launch() : undefined; // meets the former one while that ends
    await delay(moment);
    if (isAlive(server)) end(server.process.pid!);
    else assert.match(await server.errors, refusal); // the next one was faster
    if (!overlaps) await ended(server);
    const [next, refusals] = await startAgain(launch, server, early ?? launch());
    console.log(
      `round ${round}: ${name} ${moment} ms after ${url === undefined ? "its start" : "being ready"}, ` +
        `the next start ${overlaps ? "before" : "after"} that, ${refusals} refusals`,
    );
    await ended(server);
    server = next;
  }
  const last = server;
  last.process.kill("SIGTERM");
  await ended(last);
  assert.equal(last.process.exitCode, 0, await last.errors);
  await rm(home, { recursive: true, force: true });
  console.log(
    `${values.rounds} endings on ${values.sql}: every start became ready or said which living Rondo has the home`,
  );
}

await main();
