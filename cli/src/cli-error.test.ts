import assert from "node:assert/strict";
import { test } from "node:test";
import { CliError, toCliError } from "./cli-error.ts";
import type { Outcome } from "./exit-code.ts";

const URL = "http://127.0.0.1:4700";

const CASES: readonly {
  readonly what: string;
  readonly error: unknown;
  readonly outcome: Outcome;
  readonly message: RegExp;
}[] = [
  {
    what: "fetch's refused connection",
    error: new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) }),
    outcome: "unreachable",
    message: /No server answers at http:\/\/127\.0\.0\.1:4700 \(ECONNREFUSED\)/,
  },
  {
    what: "several addresses that refuse",
    error: Object.assign(new AggregateError([Object.assign(new Error("connect"), { code: "EHOSTUNREACH" })]), {}),
    outcome: "unreachable",
    message: /EHOSTUNREACH/,
  },
  {
    what: "a deadline",
    error: new DOMException("timed out", "TimeoutError"),
    outcome: "unreachable",
    message: /in time/,
  },
  { what: "Ctrl-C", error: new DOMException("aborted", "AbortError"), outcome: "interrupted", message: /Interrupted/ },
  {
    what: "a wrong key",
    error: Object.assign(new Error("The signature does not match."), { name: "SignatureDoesNotMatch" }),
    outcome: "failure",
    message: /does not accept the credentials: The signature does not match/,
  },
  {
    what: "AWS's refusal",
    error: Object.assign(new Error("The job is Completed."), { name: "ValidationException" }),
    outcome: "failure",
    message: /^The job is Completed\.$/,
  },
  {
    what: "a missing resource",
    error: Object.assign(new Error("Requested resource not found."), { name: "ResourceNotFound" }),
    outcome: "notFound",
    message: /^Requested resource not found\.$/,
  },
  {
    what: "a port that is taken",
    error: Object.assign(new Error("listen EADDRINUSE"), { code: "EADDRINUSE", address: "127.0.0.1", port: 4700 }),
    outcome: "failure",
    message: /^127\.0\.0\.1, port 4700, is taken by another program\.$/,
  },
  { what: "no error object", error: "boom", outcome: "failure", message: /^boom$/ },
];

for (const { what, error, outcome, message } of CASES) {
  test(`${what} ends as ${outcome}`, () => {
    const translated = toCliError(error, URL);
    assert.equal(translated.outcome, outcome);
    assert.match(translated.message, message);
  });
}

test("a command's own error stays as it is", () => {
  const error = new CliError("usage", "--limit is wrong");
  assert.equal(toCliError(error, URL), error);
});
