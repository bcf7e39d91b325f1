/**
 * Requests per second of signed requests against a bare server, beside a bare node:http echo of the same requests in the same run; the load
 * generator shares the machine's cores. Needs wrk.
 *
 *     node bench/src/requests.ts --seconds 8 --connections 16 --only invoke-endpoint
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { launchServer } from "@rondo/conformance/launch-server";
import { writeResult } from "./write-result.ts";
import { describeTrainingJob } from "./wrk/describe-training-job.ts";
import { getItem } from "./wrk/get-item.ts";
import { getObject } from "./wrk/get-object.ts";
import { getFilteredRecommendations, getRecommendations } from "./wrk/get-recommendations.ts";
import { invokeEndpoint } from "./wrk/invoke-endpoint.ts";
import { putEvents } from "./wrk/put-events.ts";
import { putItem } from "./wrk/put-item.ts";
import { putObject } from "./wrk/put-object.ts";
import { type Load, runWrk } from "./wrk/run-wrk.ts";
import type { Scenario } from "./wrk/scenario.ts";
import { signRequests } from "./wrk/sign-requests.ts";

const scenarios: readonly Scenario[] = [
  invokeEndpoint,
  putObject,
  getObject,
  putItem,
  getItem,
  putEvents,
  getRecommendations,
  getFilteredRecommendations,
  describeTrainingJob,
];

/** Different requests per scenario, so that nothing can be answered out of a cache by request. */
const DISTINCT_REQUESTS = 256;
const WARM_UP_SECONDS = 2;

interface Measurement {
  readonly scenario: string;
  readonly goal: Scenario["goal"];
  readonly rondo: Load;
  readonly echo: Load;
  readonly shareOfEcho: number;
  readonly reached: boolean;
}

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    connections: { type: "string", default: "16" },
    only: { type: "string" },
  },
});
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const chosen = scenarios.filter(({ name }) => options.only === undefined || name === options.only);
if (chosen.length === 0) throw new Error(`--only is one of ${scenarios.map(({ name }) => name).join(", ")}`);

const folder = await mkdtemp(path.join(tmpdir(), "rondo-bench-"));
const echo = await startEcho();
const measurements: Measurement[] = [];
try {
  await using server = await launchServer();
  Object.assign(process.env, server.variables);
  for (const scenario of chosen) {
    const measurement = await measure(scenario, server.url);
    measurements.push(measurement);
    print(measurement);
  }
} finally {
  echo.process.kill();
  await rm(folder, { recursive: true, force: true });
}
await writeResult("requests", { connections, seconds, measurements });
if (measurements.some(({ reached }) => !reached)) process.exitCode = 1;

async function measure(scenario: Scenario, url: string): Promise<Measurement> {
  await scenario.prepare();
  const requests = path.join(folder, scenario.name);
  const { distinctRequests = DISTINCT_REQUESTS } = scenario;
  await signRequests(requests, distinctRequests, (index, configuration) => scenario.send(index, configuration));
  const load = async (target: string, duration: number) =>
    await runWrk({ url: target, requests, connections, seconds: duration });
  await load(url, WARM_UP_SECONDS);
  const rondo = await load(url, seconds);
  await load(echo.url, WARM_UP_SECONDS);
  const bare = await load(echo.url, seconds);
  const shareOfEcho = rondo.requestsPerSecond / bare.requestsPerSecond;
  const { goal } = scenario;
  const reached =
    rondo.failures === 0 &&
    rondo.requestsPerSecond >= goal.requestsPerSecond &&
    rondo.p99Milliseconds < (goal.p99Milliseconds ?? Number.POSITIVE_INFINITY) &&
    shareOfEcho >= (goal.shareOfEcho ?? 0);
  return { scenario: scenario.name, goal, rondo, echo: bare, shareOfEcho, reached };
}

async function startEcho() {
  const program = path.join(import.meta.dirname, "echo-server.ts");
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { url, process: child };
}

function print({ scenario, goal, rondo, echo: bare, shareOfEcho, reached }: Measurement): void {
  const perSecond = Math.round(rondo.requestsPerSecond).toLocaleString("en");
  const columns = [
    scenario.padEnd(22),
    `${perSecond.padStart(7)}/s (goal ${goal.requestsPerSecond.toLocaleString("en")})`,
    `p50 ${rondo.p50Milliseconds.toFixed(2)} ms`,
    `p99 ${rondo.p99Milliseconds.toFixed(2)} ms`,
    `echo ${Math.round(bare.requestsPerSecond).toLocaleString("en")}/s`,
    `share ${shareOfEcho.toFixed(2)}`,
    `${rondo.failures} failures`,
    reached ? "reached" : "MISSED",
  ];
  console.log(columns.join("  "));
}
