import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dependency } from "./health.ts";
import { ServiceError } from "./service-error.ts";
import { createWebService, type WebServiceOptions } from "./web-service.ts";

function createService(options: Partial<WebServiceOptions> = {}) {
  return createWebService({
    name: "echo-service",
    summary: "Says what it hears.",
    dependencies: [],
    routes(service) {
      service.post("/echo", { schema: { body: { type: "object" } } }, async ({ body }) => body);
      service.post<{ Body: Error }>("/fail", async ({ body }) => {
        throw body.name === "ServiceError"
          ? new ServiceError(409, "Busy", body.message)
          : Object.assign(new Error(), body);
      });
    },
    ...options,
  });
}

test("a name that is not allowed is refused on every route", async () => {
  await using service = createService({ allowedHosts: ["127.0.0.1", "localhost"] });
  for (const url of ["/health", "/docs/json", "/docs/", "/nothing"]) {
    const refused = await service.inject({ url, headers: { host: "evil.example:8000" } });
    assert.equal(refused.statusCode, 403, url);
    assert.match(refused.body, /does not answer to the name evil\.example/);
  }
  assert.equal((await service.inject({ url: "/health", headers: { host: "localhost:8000" } })).statusCode, 200);
});

test("a page of another site is refused, so that none can begin anything; the own OpenAPI page is not", async () => {
  await using service = createService({ allowedHosts: ["127.0.0.1", "localhost"] });
  for (const [origin, status] of [
    ["https://evil.example", 403],
    ["null", 403],
    ["http://localhost:8000", 200],
    [undefined, 200],
  ] as const) {
    const headers = { host: "127.0.0.1:8000", ...(origin !== undefined && { origin }) };
    const answer = await service.inject({ method: "POST", url: "/echo", headers, payload: {} });
    assert.equal(answer.statusCode, status, origin);
  }
});

test("half of a surrogate pair is a 400, wherever it stands; a whole one is a text like others", async () => {
  await using service = createService();
  for (const [payload, status] of [
    ['{"a":["\\ud800"]}', 400],
    ['{"\\udc00":1}', 400],
    ['{"a":"\\ud83d\\ude00"}', 200],
  ] as const) {
    const headers = { "content-type": "application/json" };
    assert.equal(
      (await service.inject({ method: "POST", url: "/echo", headers, payload })).statusCode,
      status,
      payload,
    );
  }
});

test("another path names those that there are, without its query", async () => {
  await using service = createService();
  const response = await service.inject("/predict?text=private");
  assert.equal(response.statusCode, 404);
  assert.match(response.body, /There is no GET \/predict\. There are GET \/health, POST \/echo, POST \/fail; \/docs/);
});

test("the OpenAPI document lists the routes and its page needs no other host", async () => {
  await using service = createService();
  const document = (await service.inject("/docs/json")).json<{ paths: object; info: { description: string } }>();
  assert.deepEqual(Object.keys(document.paths), ["/health", "/echo", "/fail"]);
  assert.equal(document.info.description, "Says what it hears.");
  const page = await service.inject("/docs/");
  assert.equal(page.statusCode, 200);
  assert.doesNotMatch(page.body, /(src|href)="https?:/);
  const policy = String(page.headers["content-security-policy"]);
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /swagger\.io|upgrade-insecure-requests/, "it asks nobody else, and works without TLS");
});

for (const [what, thrown, status, code] of [
  ["a ServiceError", { name: "ServiceError", message: "later" }, 409, "Busy"],
  ["a store that does not answer", { code: "ECONNREFUSED" }, 503, "DependencyUnavailable"],
  [
    "a refusal by AWS",
    { name: "AccessDenied", message: "no", $metadata: { httpStatusCode: 400 } },
    502,
    "DependencyRefused",
  ],
  [
    "a table that is not there",
    { name: "ResourceNotFoundException", message: "no table", $metadata: { httpStatusCode: 400 } },
    503,
    "NotBootstrapped",
  ],
  ["missing credentials", { name: "CredentialsProviderError", message: "none" }, 503, "NoCredentials"],
  ["a fault of ours", { message: "secret" }, 500, "InternalFailure"],
] as const) {
  test(`${what} is a ${status} in the one form of errors`, async () => {
    const faults: unknown[] = [];
    await using service = createService({ onFault: (error) => faults.push(error) });
    const response = await service.inject({ method: "POST", url: "/fail", payload: thrown });
    assert.equal(response.statusCode, status);
    assert.equal(response.json<{ error: { code: string } }>().error.code, code);
    assert.doesNotMatch(response.body, /secret/);
    assert.equal(faults.length, status === 500 ? 1 : 0);
  });
}

function dependency(isRequired: boolean, check: Dependency["check"]): Dependency {
  return { name: "store", isRequired, check };
}

const away = () => Promise.reject(Object.assign(new Error(), { code: "ECONNREFUSED" }));

for (const [what, dependencies, status, health] of [
  ["all is well", [dependency(true, async () => "ACTIVE")], 200, "ok"],
  ["something with a fallback is away", [dependency(false, away)], 200, "degraded"],
  [
    "something that is needed is away",
    [dependency(true, away), dependency(false, async () => "ACTIVE")],
    503,
    "unavailable",
  ],
] as const) {
  test(`when ${what}, health is ${health}`, async () => {
    await using service = createService({ dependencies });
    const response = await service.inject("/health");
    assert.equal(response.statusCode, status);
    const body = response.json<{ status: string; service: string; dependencies: { detail: string }[] }>();
    assert.equal(body.status, health);
    assert.equal(body.service, "echo-service");
    assert.equal(body.dependencies.length, dependencies.length);
    assert.ok(body.dependencies.every(({ detail }) => ["ACTIVE", "ECONNREFUSED"].includes(detail)));
  });
}

test("a check that never ends is a dependency that does not answer", { timeout: 10_000 }, async () => {
  await using service = createService({ dependencies: [dependency(true, () => new Promise(() => undefined))] });
  const response = await service.inject("/health");
  assert.equal(response.statusCode, 503);
  assert.match(response.body, /No answer in 2 s/);
});

test("health shows a service's own facts", async () => {
  await using service = createService({
    facts: { schema: { pending: { type: "integer" } }, read: () => ({ pending: 3 }) },
  });
  assert.equal((await service.inject("/health")).json<{ pending: number }>().pending, 3);
});
