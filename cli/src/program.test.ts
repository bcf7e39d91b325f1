import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { OutputClosed } from "./cli-error.ts";
import { commands } from "./commands.ts";
import type { Engine } from "./engine.ts";
import { runCommandLine } from "./testing/run-command-line.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret" };

/** An address at which nothing listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

test("--help lists every command and the exit codes", async () => {
  const { exitCode, stdout } = await runCommandLine(["--help"]);
  assert.equal(exitCode, 0);
  for (const { name } of commands) assert.match(stdout, new RegExp(`^ {2}${name.split(" ")[0]}\\b`, "m"));
  assert.match(stdout, /Exit codes:\n {2}0 {4}done/);
});

test("--version prints nothing but the version", async () => {
  for (const flag of ["--version", "-V"]) {
    const { exitCode, stdout } = await runCommandLine([flag]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  }
});

for (const { name, examples } of commands) {
  test(`${name} --help shows its examples and the global options`, async () => {
    const { exitCode, stdout } = await runCommandLine([...name.split(" "), "--help"]);
    assert.equal(exitCode, 0);
    assert.ok(examples.length > 0);
    for (const example of examples) assert.ok(stdout.includes(example), example);
    assert.match(stdout, /--endpoint-url <url>/);
  });
}

for (const line of [
  ["fly"],
  ["jobs", "list", "--fast"],
  ["jobs", "describe"],
  ["jobs", "paint"],
  ["jobs", "list", "extra"],
  ["jobs", "list", "--limit", "none"],
  ["jobs", "list", "--status", "Happy"],
  ["start", "--port", "http"],
]) {
  test(`"rondo ${line.join(" ")}" is a usage error that says what is wrong`, async () => {
    const { exitCode, stdout, stderr } = await runCommandLine(line, { environment: KEYS });
    assert.equal(exitCode, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /error: |Error: /);
  });
}

test("a server that is not there is exit code 3 with what to do", async () => {
  const url = await deadUrl();
  for (const line of [["status"], ["jobs"], ["endpoints"], ["logs", "job-1"], ["invoke", "sentiment", "{}"]]) {
    const { exitCode, stderr } = await runCommandLine([...line, "--endpoint-url", url], { environment: KEYS });
    assert.equal(exitCode, 3, line.join(" "));
    assert.equal(
      stderr,
      `Error: No server answers at ${url} (ECONNREFUSED).\nStart one with \`rondo start\`, or say where it is with --endpoint-url.\n`,
    );
  }
});

test("errors are JSON with --json, and AWS_ENDPOINT_URL says where the server is", async () => {
  const url = await deadUrl();
  const { stderr } = await runCommandLine(["jobs", "--json"], { environment: { ...KEYS, AWS_ENDPOINT_URL: url } });
  assert.equal((JSON.parse(stderr) as { error: { outcome: string } }).error.outcome, "unreachable");
});

for (const { what, status, body, message } of [
  {
    what: "something else on the port is said to be no Rondo",
    status: 200,
    body: "<html>",
    message: /is not Rondo \(status 200\)/,
  },
  {
    what: "a server that cannot read its state says why",
    status: 503,
    body: '{"status":"unavailable","reason":"no disk"}',
    message: /is not well: no disk/,
  },
]) {
  test(what, async () => {
    const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { exitCode, stderr } = await runCommandLine(["status", "--endpoint-url", url], { environment: KEYS });
    await new Promise((resolve) => server.close(resolve));
    assert.equal(exitCode, 1);
    assert.match(stderr, message);
  });
}

/** An engine that writes down what is asked of it. */
function recordingEngine(events: string[]): Engine {
  return {
    startServer: async (configuration) => {
      events.push(`start ${configuration.port} ${configuration.home}`);
      return {
        url: "http://127.0.0.1:5000",
        configuration,
        credentials: { accessKeyId: "AKIA1", secretAccessKey: "secret" },
        database: { query: async () => [], transaction: () => assert.fail("nothing is asked of the database") },
        close: async () => void events.push("close"),
      };
    },
    startApplication: async (name, { url }) => {
      events.push(`${name} on ${url}`);
      return {
        urls: { [`${name}Url`]: "http://127.0.0.1:8000" },
        description: `Try ${name}`,
        close: async () => void events.push(`close ${name}`),
      };
    },
    diagnose: async () => ({ checks: [] }),
    diagnoseRecommendations: async () => ({
      checks: [{ name: "cache", state: "error", detail: "It is empty.", advice: "Wait for the batch run." }],
    }),
    runLoop: async ({ port, feedbackTexts, folder, onProgress }) => {
      events.push(`loop on ${port} with ${feedbackTexts} into ${folder}`);
      onProgress({ phase: "traffic", fraction: 1, detail: "answered" });
      return { report: { seconds: 1 }, lines: ["better by +15.0 points"], page: `${folder}/loop.html` };
    },
  };
}

test("loop runs against the running services and tells where its report is", async () => {
  const events: string[] = [];
  const engine = recordingEngine(events);
  const line = ["loop", "sentiment", "--feedback", "500", "--home", "/srv/rondo"];
  const { exitCode, stdout } = await runCommandLine(line, { engine });
  assert.equal(exitCode, 0);
  assert.deepEqual(events, ["loop on 8000 with 500 into /srv/rondo/sentiment/reports"]);
  assert.match(stdout, /better by \+15\.0 points\n\nThe report: \/srv\/rondo\/sentiment\/reports\/loop\.html\n$/);
  const { exitCode: refused, stderr } = await runCommandLine(["loop", "journey"], { engine });
  assert.equal(refused, 2);
  assert.match(stderr, /There is no loop of "journey"\./);
});

test("start runs until it is interrupted and closes what it started", async () => {
  const interruption = new AbortController();
  const events: string[] = [];
  const { exitCode, stdout } = await runCommandLine(["start", "--port", "5000", "--home", "/srv/rondo"], {
    engine: recordingEngine(events),
    signal: interruption.signal,
    onOutput: (text) => text.includes("Try recommendations") && interruption.abort(),
  });
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Rondo listens on http:\/\/127\.0\.0\.1:5000\nTry sentiment\n\nTry recommendations\n/);
  assert.deepEqual(events, [
    "start 5000 /srv/rondo",
    "sentiment on http://127.0.0.1:5000",
    "recommendations on http://127.0.0.1:5000",
    "close sentiment",
    "close recommendations",
    "close",
  ]);
});

test("doctor looks at the recommendations application where that is asked for", async () => {
  const engine = recordingEngine([]);
  const { exitCode, stdout, stderr } = await runCommandLine(["doctor", "recommendations"], { engine });
  assert.equal(exitCode, 1);
  assert.match(stdout, /cache\s+error\s+It is empty\. Wait for the batch run\./);
  assert.match(stderr, /Something is wrong: cache\./);
  assert.equal((await runCommandLine(["doctor", "journey"], { engine })).exitCode, 2);
});

test("a start that is interrupted says that and nothing of the programs that Ctrl-C ended with it", async () => {
  const interruption = new AbortController();
  const engine: Engine = {
    ...recordingEngine([]),
    startServer: async () => {
      interruption.abort();
      throw new Error("Command failed: initdb");
    },
  };
  const { exitCode, stderr } = await runCommandLine(["start"], { engine, signal: interruption.signal });
  assert.equal(exitCode, 130);
  assert.equal(stderr, "Interrupted.\nThe next start goes on where this one was.\n");
});

test("a start whose output nobody reads any more is closed in order and says nothing", async () => {
  const interruption = new AbortController();
  const events: string[] = [];
  const { exitCode, stderr } = await runCommandLine(["start", "--no-bootstrap"], {
    engine: recordingEngine(events),
    signal: interruption.signal,
    onOutput: () => interruption.abort(new OutputClosed()),
  });
  assert.deepEqual([exitCode, stderr, events.at(-1)], [0, "", "close"]);

  const url = await deadUrl();
  const options = { environment: KEYS, signal: AbortSignal.abort(new OutputClosed()) };
  const unread = await runCommandLine(["jobs", "--endpoint-url", url], options);
  assert.deepEqual([unread.exitCode, unread.stderr], [0, ""]);
});

for (const { how, line, environment } of [
  { how: "--no-bootstrap", line: ["start", "--no-bootstrap"], environment: {} },
  { how: "RONDO_BOOTSTRAP=false", line: ["start"], environment: { RONDO_BOOTSTRAP: "false" } },
]) {
  test(`${how} starts the bare server`, async () => {
    const events: string[] = [];
    await runCommandLine(line, { engine: recordingEngine(events), signal: AbortSignal.abort(), environment });
    assert.deepEqual(events.length, 2);
    assert.ok(!events.some((event) => event.includes("sentiment")));
  });
}

test("doctor shows every check and fails when one is an error", async () => {
  const engine: Engine = {
    ...recordingEngine([]),
    diagnose: async () => ({
      checks: [
        { name: "home", state: "ok", detail: "/srv/rondo, 90 MB" },
        { name: "database", state: "error", detail: "is newer than the program.", advice: "Update Rondo." },
      ],
    }),
  };
  const { exitCode, stdout, stderr } = await runCommandLine(["doctor"], { engine });
  assert.equal(exitCode, 1);
  assert.match(stdout, /^database\terror\tis newer than the program\. Update Rondo\.$/m);
  assert.match(stderr, /Something is wrong: database/);
});

test("an old Node is told which one is needed", async () => {
  const bin = join(import.meta.dirname, "../bin/rondo.js");
  const preload = `data:text/javascript,${encodeURIComponent("Object.defineProperty(process.versions, 'node', { value: '20.1.0' })")}`;
  await assert.rejects(promisify(execFile)(process.execPath, ["--import", preload, bin, "status"]), (error) => {
    const { code, stderr } = error as { code?: number; stderr?: string };
    assert.equal(code, 1);
    assert.match(stderr ?? "", /rondo needs Node 22\.18 or newer, and this is Node 20\.1\.0/);
    return true;
  });
});

test("the bin runs and hands the exit code on", async () => {
  const bin = join(import.meta.dirname, "../bin/rondo.js");
  await assert.rejects(promisify(execFile)(process.execPath, [bin, "fly"]), { code: 2 });
  const { stdout } = await promisify(execFile)(process.execPath, [bin, "jobs", "--help"]);
  assert.match(stdout, /list \[options\] {2,}List training and processing jobs, newest first/);
});
