import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type TestContext as Test, test } from "node:test";
import { startTestServer, type TestServer } from "@rondo/server/testing";
import { createInfrastructure } from "../infrastructure/create-infrastructure.ts";
import { scanSince } from "../storage/read-rows.ts";
import { callUntil } from "../testing/call.ts";
import { openGateTo } from "../testing/gate-to.ts";
import { openTestContext, type TestContext } from "../testing/test-context.ts";
import type { Feedback } from "./feedback.ts";

interface Service {
  readonly url: string;
  readonly child: ChildProcess;
}

/** So many are acknowledged before the kill. */
const ACKNOWLEDGED = 500;

/** The service as a program of its own. */
async function launch(server: TestServer, endpoint: string, folder: string): Promise<Service> {
  const { accessKeyId, secretAccessKey } = server.clientConfig.credentials;
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      FALLBACK_DIRECTORY: folder,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (url !== undefined) return { url, child };
  }
  throw new Error("The service ended before it listened.");
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** The id of a submission that was acknowledged; undefined when the service was gone. */
function submit(url: string, number: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = request(`${url}/submit-feedback`, {
      agent,
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    sent.on("error", () => resolve(undefined));
    sent.on("response", (response) => {
      text(response)
        .then((body) => resolve((JSON.parse(body) as { feedback_id: string }).feedback_id))
        .catch(() => resolve(undefined));
    });
    sent.end(JSON.stringify({ text: `text number ${number}`, user_label: "positive" }));
  });
}

async function storedIds(context: TestContext): Promise<string[]> {
  const ids: string[] = [];
  const tableName = context.names.tables.feedback;
  for await (const row of scanSince<Feedback>(context.dynamodb, { tableName, since: new Date(0) })) {
    ids.push(row.feedback_id);
  }
  return ids;
}

/** Submits until the kill, which comes after some hundred answers, and returns what was acknowledged. */
async function submitAndKill(service: Service, test: Test): Promise<string[]> {
  const acknowledged: string[] = [];
  const start = performance.now();
  const workers = Array.from({ length: 64 }, async (_, worker) => {
    for (let round = 0; ; round += 1) {
      const id = await submit(service.url, worker * 100_000 + round);
      if (id === undefined) return;
      acknowledged.push(id);
      if (acknowledged.length === ACKNOWLEDGED) service.child.kill("SIGKILL");
    }
  });
  await Promise.all([...workers, once(service.child, "exit")]);
  const seconds = (performance.now() - start) / 1000;
  test.diagnostic(`${acknowledged.length} acknowledged, ${Math.round(acknowledged.length / seconds)} a second`);
  return acknowledged;
}

test("what was acknowledged is there after kill -9, with and without DynamoDB, each once", async (test) => {
  await using server = await startTestServer();
  await using gate = await openGateTo(server.url);
  await using context = await openTestContext(server.clientConfig);
  await createInfrastructure(context);

  const start = () => launch(server, gate.url, context.settings.fallbackDirectory);
  const inTable = await submitAndKill(await start(), test);
  await gate.close();
  const inFile = await submitAndKill(await start(), test);
  await gate.open();
  const last = await start();
  await callUntil<{ pending: number }>(`${last.url}/health`, ({ pending }) => pending === 0);
  last.child.kill("SIGTERM");
  await once(last.child, "exit");

  const stored = await storedIds(context);
  assert.equal(new Set(stored).size, stored.length);
  const there = new Set(stored);
  assert.deepEqual(
    [...inTable, ...inFile].filter((id) => !there.has(id)),
    [],
  );
  agent.destroy();
});
