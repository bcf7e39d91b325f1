import assert from "node:assert/strict";
import { isAbsolute } from "node:path";
import { test } from "node:test";
import { ConfigurationError, readConfiguration, settings } from "./configuration.ts";

test("without flags and variables the defaults hold", () => {
  const configuration = readConfiguration({}, {});
  assert.equal(configuration.port, 4700);
  assert.equal(configuration.host, "127.0.0.1");
  assert.deepEqual(configuration.applications, ["sentiment", "recommendations"]);
  assert.equal(configuration.databaseUrl, undefined);
  assert.equal(configuration.objects, undefined);
  assert.ok(isAbsolute(configuration.home));
});

test("a flag wins over its variable, a variable over the default", () => {
  const environment = { RONDO_PORT: "5000", RONDO_HOST: "::1", RONDO_BOOTSTRAP: "0" };
  const configuration = readConfiguration({ port: "6000" }, environment);
  assert.equal(configuration.port, 6000);
  assert.equal(configuration.host, "::1");
  assert.deepEqual(configuration.applications, []);
  assert.deepEqual(readConfiguration({ bootstrap: false }, {}).applications, []);
});

test("the applications that start are named, and no other can be", () => {
  assert.deepEqual(readConfiguration({ applications: "sentiment" }, {}).applications, ["sentiment"]);
  assert.throws(() => readConfiguration({ applications: "sentiment,jorney" }, {}), ConfigurationError);
});

test("scripts run with python3 unless another interpreter is named", () => {
  assert.equal(readConfiguration({}, {}).python, "python3");
  assert.equal(
    readConfiguration({}, { RONDO_PYTHON: "/opt/python3.12/bin/python" }).python,
    "/opt/python3.12/bin/python",
  );
});

test("an empty variable counts as not set", () => {
  assert.equal(readConfiguration({}, { RONDO_PORT: "" }).port, 4700);
});

test("objects may lie in a bucket", () => {
  assert.equal(readConfiguration({ objects: "s3://bodies/rondo/a" }, {}).objects, "s3://bodies/rondo/a");
});

test("a value that cannot be used is refused with its flag, its variable and what it must be", () => {
  const wrong = {
    port: "70000",
    accountId: "12",
    region: "Mars",
    sql: "oracle",
    objects: "ftp://x",
    logLevel: "loud",
    allowReset: "perhaps",
  } as const;
  for (const [name, value] of Object.entries(wrong)) {
    const setting = settings[name as keyof typeof wrong];
    assert.throws(
      () => readConfiguration({ [name]: value }, {}),
      (error: Error) =>
        error instanceof ConfigurationError &&
        error.message.includes(setting.environment) &&
        error.message.includes(value),
    );
  }
});

test("the message about a database URL does not repeat it, since it holds a password", () => {
  assert.throws(
    () => readConfiguration({}, { DATABASE_URL: "mysql://me:secret@db/x" }),
    (error: Error) => error instanceof ConfigurationError && !error.message.includes("secret"),
  );
});
