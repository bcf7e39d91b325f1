import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import type { LogEvent, MetricDatum, Resource, Resources } from "@rondo/store";
import type { Deployment, ServedEndpoint } from "./deployment.ts";
import { createInProcessHosting } from "./in-process-hosting.ts";
import { ModelCache } from "./model-cache.ts";
import { ServeError } from "./serve-error.ts";
import { Serving } from "./serving.ts";
import { COUNTING_IMAGE_URI, findCountingImage } from "./testing/counting-image.ts";
import { countingModel, memoryObjects } from "./testing/memory-objects.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";

const endpoint = { accountId: "111122223333", region: "eu-west-1", name: "sentiment" };
const { signal } = new AbortController();

function deploymentOf(id: string, model: string, image = COUNTING_IMAGE_URI): Deployment {
  const containers = [{ image, modelDataUrl: `s3://models/${model}`, environment: {} }];
  const variants = [{ name: "AllTraffic", modelName: model, weight: 1, instanceCount: 1, containers }];
  return { id, endpointConfigName: `config-${id}`, variants };
}

async function setUp() {
  const home = await temporaryDirectory();
  const files = new Map<string, Buffer>();
  for (const name of ["one", "two", "unloadable"]) files.set(`s3://models/${name}`, await countingModel(name));
  const rows = new Map<string, Pick<Resource<ServedEndpoint>, "status" | "body">>();
  const metrics: MetricDatum[] = [];
  const lines: LogEvent[] = [];
  const clock = { now: () => new Date(0) };
  const open = () =>
    new Serving({
      resources: { find: async (_owner, _type, name) => rows.get(name) } as Pick<Resources, "find">,
      cache: new ModelCache({ directory: path.join(home.path, "models"), objects: memoryObjects(files), clock }),
      hostings: [createInProcessHosting(findCountingImage)],
      logs: { append: async (_stream, events) => void lines.push(...events) },
      metrics: { put: async (_owner, _namespace, data) => void metrics.push(...data) },
      clock,
      random: seededRandom(1),
      onError: (error) => assert.fail(String(error)),
    });
  return { home, files, rows, metrics, lines, open };
}

async function ask(serving: Serving, text: string, targetVariant?: string): Promise<string> {
  const request = { body: Buffer.from(text), contentType: "text/plain", accept: "*/*" };
  const options = { request, targetVariant, receivedAt: serving.now() };
  return String((await serving.invoke(endpoint, endpoint.name, options)).response.body);
}

function refusal(code: string, pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ServeError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  };
}

test("an endpoint answers once it is deployed, and not after it is removed", async () => {
  const { home, open } = await setUp();
  await using _ = home;
  await using serving = open();
  const notFound = refusal("EndpointNotFound", /^Endpoint sentiment of account 111122223333 not found\.$/);
  await assert.rejects(ask(serving, "x"), notFound);
  const deployed = await serving.deploy(endpoint, deploymentOf("1", "one"), signal);
  assert.match(deployed.variants[0]?.containers[0]?.modelDataETag ?? "", /^"[0-9a-f]{32}"$/);
  assert.equal(await ask(serving, "x"), "one:x");
  await serving.remove(endpoint);
  await assert.rejects(ask(serving, "x"), notFound);
});

test("an update moves traffic without one failing request", async () => {
  const { home, open } = await setUp();
  await using _ = home;
  await using serving = open();
  await serving.deploy(endpoint, deploymentOf("1", "one"), signal);
  let isUpdating = true;
  const seen = new Set<string>();
  const clients = Array.from({ length: 8 }, async () => {
    while (isUpdating) {
      seen.add(await ask(serving, "x"));
      await new Promise(setImmediate);
    }
  });
  for (let round = 2; round < 12; round++) {
    await serving.deploy(endpoint, deploymentOf(String(round), round % 2 === 0 ? "two" : "one"), signal);
  }
  isUpdating = false;
  await Promise.all(clients);
  assert.deepEqual([...seen].sort(), ["one:x", "two:x"]);
});

test("an update that cannot be loaded leaves everything as it was", async () => {
  const { home, open } = await setUp();
  await using _ = home;
  await using serving = open();
  await serving.deploy(endpoint, deploymentOf("1", "one"), signal);
  const attempts: [Deployment, RegExp][] = [
    [deploymentOf("2", "unloadable"), /counting could not load the model: the answer is unloadable/],
    [deploymentOf("3", "missing"), /s3:\/\/models\/missing/],
    [deploymentOf("4", "two", "somebody/else:1"), /The image somebody\/else:1 is not one of the built-in images/],
  ];
  for (const [deployment, pattern] of attempts) {
    await assert.rejects(serving.deploy(endpoint, deployment, signal), refusal("ModelNotLoadable", pattern));
    assert.equal(await ask(serving, "x"), "one:x");
  }
});

test("after a restart the first request waits for its endpoint, though the model's object is gone", async () => {
  const { home, files, rows, open } = await setUp();
  await using _ = home;
  {
    await using before = open();
    const deployed = await before.deploy(endpoint, deploymentOf("1", "one"), signal);
    rows.set(endpoint.name, { status: "InService", body: { deployed } });
  }
  files.clear();
  await using after = open();
  const answers = await Promise.all(Array.from({ length: 20 }, (_unused, index) => ask(after, String(index))));
  assert.deepEqual(
    answers,
    Array.from({ length: 20 }, (_unused, index) => `one:${index}`),
  );
});

test("an endpoint that is not ready says what it is", async () => {
  const { home, rows, open } = await setUp();
  await using _ = home;
  await using serving = open();
  for (const status of ["Creating", "Failed", "Deleting"]) {
    rows.set(endpoint.name, { status, body: status === "Creating" ? {} : { deployed: deploymentOf("1", "one") } });
    await assert.rejects(
      ask(serving, "x"),
      refusal(
        "EndpointNotFound",
        new RegExp(`^Endpoint sentiment of account 111122223333 not found\\. It is ${status}`),
      ),
    );
  }
});

test("the same deployment again only takes over the weights", async () => {
  const { home, open, lines } = await setUp();
  await using _ = home;
  await using serving = open();
  const [one] = deploymentOf("1", "one").variants;
  const [two] = deploymentOf("1", "two").variants;
  const weighted = (a: number, b: number): Deployment => ({
    id: "1",
    endpointConfigName: "config",
    variants: [
      { ...one!, name: "a", weight: a },
      { ...two!, name: "b", weight: b },
    ],
  });
  await serving.deploy(endpoint, weighted(1, 0), signal);
  assert.equal(await ask(serving, "x"), "one:x");
  const deployed = await serving.deploy(endpoint, weighted(0, 3), signal);
  assert.deepEqual(
    deployed.variants.map(({ weight }) => weight),
    [0, 3],
  );
  assert.equal(await ask(serving, "x"), "two:x");
  assert.equal(await ask(serving, "x", "a"), "one:x");
  await serving.flush();
  assert.equal(lines.filter(({ message }) => message.startsWith("Model loaded")).length, 2);
});

test("metrics and logs are written at the latest when serving closes", async () => {
  const { home, open, metrics, lines } = await setUp();
  await using _ = home;
  {
    await using serving = open();
    await serving.deploy(endpoint, deploymentOf("1", "one"), signal);
    await ask(serving, "x");
    await assert.rejects(ask(serving, "fail 400"), refusal("ModelError", /client error \(400\)/));
    await assert.rejects(ask(serving, "throw"), refusal("ModelError", /server error \(500\).*the model threw/));
    assert.equal(metrics.length, 0);
  }
  const sums = new Map(metrics.map(({ name, statistics }) => [name, statistics.sum]));
  assert.deepEqual(
    ["Invocations", "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"].map((name) =>
      sums.get(name),
    ),
    [3, 1, 1, 2],
  );
  assert.ok(lines.some(({ message }) => message.startsWith("POST /invocations 400")));
});

test("a split lets the incoming deployment answer its share, and a named variant where it is", async () => {
  const { home, lines, open } = await setUp();
  await using _ = home;
  await using serving = open();
  const outgoing = deploymentOf("1", "one");
  const second = deploymentOf("2", "two");
  const incoming = { ...second, variants: second.variants.map((variant) => ({ ...variant, name: "version-2" })) };
  await serving.deploy(endpoint, outgoing, signal);
  for (const share of [0, 0.1, 0.5, 1]) {
    await serving.split(endpoint, { outgoing, incoming, share }, signal);
    let count = 0;
    for (let index = 0; index < 1_000; index++) if ((await ask(serving, "x")) === "two:x") count += 1;
    const spread = 4 * Math.sqrt(1_000 * share * (1 - share));
    assert.ok(Math.abs(count - 1_000 * share) <= spread, `${count} of 1000 at ${share}`);
  }
  assert.equal(await ask(serving, "x", "AllTraffic"), "one:x");
  assert.equal(await ask(serving, "x", "version-2"), "two:x");
  await assert.rejects(ask(serving, "x", "version-3"), refusal("VariantNotFound", /version-3/));
  assert.deepEqual(serving.loaded(), [endpoint]);
  await serving.deploy(endpoint, outgoing, signal);
  assert.equal(await ask(serving, "x"), "one:x");
  await serving.flush();
  const messages = lines.map(({ message }) => message);
  assert.equal(messages.filter((message) => message.startsWith("Model loaded")).length, 2);
  assert.equal(messages.filter((message) => message === "Model unloaded.").length, 1);
});

test("a split that cannot be loaded changes nothing; after a restart the deployment before answers alone", async () => {
  const { home, rows, open } = await setUp();
  await using _ = home;
  const outgoing = deploymentOf("1", "one");
  const incoming = deploymentOf("2", "unloadable");
  {
    await using serving = open();
    await serving.deploy(endpoint, outgoing, signal);
    const split = serving.split(endpoint, { outgoing, incoming, share: 0.5 }, signal);
    await assert.rejects(split, refusal("ModelNotLoadable", /unloadable/));
    assert.equal(await ask(serving, "x"), "one:x");
  }
  await using serving = open();
  rows.set(endpoint.name, { status: "Updating", body: { deployed: outgoing, target: incoming, targetShare: 0.5 } });
  for (let index = 0; index < 20; index++) assert.equal(await ask(serving, "x"), "one:x");
});

test("a loaded endpoint follows its row into a split and back", async () => {
  const { home, rows, open } = await setUp();
  await using _ = home;
  await using serving = open();
  const deployed = deploymentOf("1", "one");
  const target = deploymentOf("2", "two");
  await serving.deploy(endpoint, deployed, signal);
  rows.set(endpoint.name, { status: "Updating", body: { deployed, target, targetShare: 1 } });
  await serving.refresh(endpoint, signal);
  assert.equal(await ask(serving, "x"), "two:x");
  rows.set(endpoint.name, { status: "InService", body: { deployed } });
  await serving.refresh(endpoint, signal);
  assert.equal(await ask(serving, "x"), "one:x");
});
