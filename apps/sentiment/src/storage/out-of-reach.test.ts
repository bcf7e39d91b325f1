import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFailure, isOutOfReach } from "./out-of-reach.ts";

const failure = (name: string, more: object) => Object.assign(new Error("…"), { name }, more);

for (const [what, error, expected] of [
  ["a refused connection", failure("Error", { code: "ECONNREFUSED" }), true],
  ["a deadline", failure("TimeoutError", {}), true],
  ["an error of the store", failure("InternalServerError", { $metadata: { httpStatusCode: 500 } }), true],
  ["throttling", failure("ThrottlingException", { $metadata: { httpStatusCode: 400 } }), true],
  ["a missing table", failure("ResourceNotFoundException", { $metadata: { httpStatusCode: 400 } }), false],
  ["a fault of ours", new TypeError("x is undefined"), false],
  ["nothing", undefined, false],
] as const) {
  test(`${what} is ${expected ? "" : "not "}out of reach`, () => assert.equal(isOutOfReach(error), expected));
}

test("a refused connection without a message is described by its code", () => {
  assert.equal(describeFailure(Object.assign(new AggregateError([]), { code: "ECONNREFUSED" })), "ECONNREFUSED");
});
