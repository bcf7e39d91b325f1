import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEvent, LogStreamRef } from "@rondo/store";
import type { Deployment } from "./deployment.ts";
import { EndpointLog } from "./endpoint-log.ts";
import { Fleet } from "./fleet.ts";
import type { HostResponse, ModelHost } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";
import { seededRandom } from "./testing/seeded-random.ts";

const endpoint = { accountId: "111122223333", region: "eu-west-1", name: "sentiment" };
const request = { body: Buffer.from("x"), contentType: "text/plain", accept: "*/*" };

function host(answer: () => HostResponse | Promise<HostResponse>): ModelHost & { closed: boolean } {
  return {
    closed: false,
    invoke: answer,
    close() {
      this.closed = true;
    },
  };
}

function fleetOf(weights: Readonly<Record<string, number>>, hosts: readonly ModelHost[]) {
  const lines: { stream: LogStreamRef; events: readonly LogEvent[] }[] = [];
  const log = new EndpointLog(
    { append: async (stream, events) => void lines.push({ stream, events }) },
    { now: () => new Date(0) },
  );
  let milliseconds = 0;
  const deployment: Deployment = {
    id: "one",
    endpointConfigName: "config",
    variants: Object.entries(weights).map(([name, weight]) => ({
      name,
      modelName: "model",
      weight,
      instanceCount: 1,
      containers: [],
    })),
  };
  const fleet = new Fleet(
    endpoint,
    deployment,
    hosts.map((one) => ({ host: one, release: () => undefined })),
    { log, timer: { now: () => milliseconds++ }, random: seededRandom(7) },
  );
  return { fleet, log, lines };
}

const ok = (body: string) => host(() => ({ status: 200, contentType: "text/plain", body }));

test("variants get traffic by their weights", async () => {
  const { fleet } = fleetOf({ a: 1, b: 3, c: 0 }, [ok("a"), ok("b"), ok("c")]);
  const count = { a: 0, b: 0, c: 0 };
  for (let index = 0; index < 4000; index++) {
    count[(await fleet.invoke({ request, receivedAt: 0 })).variant as "a" | "b" | "c"] += 1;
  }
  assert.equal(count.c, 0);
  // 4,000 draws with p = 0.25: standard deviation 27; four of them.
  assert.ok(Math.abs(count.a - 1000) < 110, `a got ${count.a} of 4000`);
});

test("new weights hold from the next invocation on", async () => {
  const { fleet } = fleetOf({ a: 1, b: 0 }, [ok("a"), ok("b")]);
  const { deployment } = fleet;
  const [a, b] = deployment.variants;
  fleet.reweigh({
    ...deployment,
    variants: [
      { ...a!, weight: 0 },
      { ...b!, weight: 5 },
    ],
  });
  for (let index = 0; index < 50; index++) {
    assert.equal((await fleet.invoke({ request, receivedAt: 0 })).variant, "b");
  }
});

test("a target variant overrides the weights, an unknown one is refused", async () => {
  const { fleet } = fleetOf({ a: 1, b: 0 }, [ok("a"), ok("b")]);
  assert.equal((await fleet.invoke({ request, receivedAt: 0, targetVariant: "b" })).variant, "b");
  assert.throws(
    () => fleet.invoke({ request, receivedAt: 0, targetVariant: "z" }),
    (error) => error instanceof ServeError && error.code === "VariantNotFound",
  );
});

test("a synchronous model is answered without a promise", () => {
  const { fleet } = fleetOf({ a: 1 }, [ok("a")]);
  assert.ok(!(fleet.invoke({ request, receivedAt: 0 }) instanceof Promise));
});

test("a model's error carries its status and message, and is logged and counted", async () => {
  const failing = host(() => ({ status: 400, contentType: "text/plain", body: "no such label" }));
  const { fleet, log, lines } = fleetOf({ a: 1 }, [failing]);
  assert.throws(
    () => fleet.invoke({ request, receivedAt: 0 }),
    (error) => {
      assert.ok(error instanceof ServeError);
      assert.equal(error.code, "ModelError");
      assert.match(error.message, /^Received client error \(400\) from primary with message "no such label"\. See /);
      assert.deepEqual(error.fields, {
        OriginalStatusCode: 400,
        OriginalMessage: "no such label",
        LogStreamArn: "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker/Endpoints/sentiment",
      });
      return true;
    },
  );
  await log.flush();
  assert.equal(lines[0]?.stream.group, "/aws/sagemaker/Endpoints/sentiment");
  assert.match(lines[0]?.stream.stream ?? "", /^a\/i-[0-9a-f]{17}$/);
  assert.deepEqual(lines[0]?.events.at(-1)?.message, "POST /invocations 400: 1 bytes of text/plain");
  const errors = fleet.takeMetrics(new Date(0)).find(({ name }) => name === "Invocation4XXErrors");
  assert.equal(errors?.statistics.sum, 1);
  assert.deepEqual(errors?.dimensions, { EndpointName: "sentiment", VariantName: "a" });
});

test("a retired fleet closes its models when the last answer is out", async () => {
  const answer = Promise.withResolvers<HostResponse>();
  const slow = host(() => answer.promise);
  const { fleet } = fleetOf({ a: 1 }, [slow]);
  const invocation = fleet.invoke({ request, receivedAt: 0 });
  const retired = fleet.retire(new AbortController().signal);
  assert.equal(slow.closed, false);
  answer.resolve({ status: 200, contentType: "text/plain", body: "late" });
  assert.equal((await invocation).response.body, "late");
  await retired;
  assert.equal(slow.closed, true);
});

test("a retired fleet does not wait beyond its deadline", async () => {
  const stuck = host(() => new Promise(() => undefined));
  const { fleet } = fleetOf({ a: 1 }, [stuck]);
  void fleet.invoke({ request, receivedAt: 0 });
  await fleet.retire(AbortSignal.abort());
  assert.equal(stuck.closed, true);
});
