import assert from "node:assert/strict";
import { test } from "node:test";
import { isAccessDenied } from "./access-denied.ts";

for (const [what, error, expected] of [
  ["DynamoDB's refusal", { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } }, true],
  ["SNS's refusal", { name: "AuthorizationErrorException", $metadata: { httpStatusCode: 403 } }, true],
  ["S3's refusal without a body", { name: "403", $metadata: { httpStatusCode: 403 } }, true],
  ["a missing table", { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } }, false],
  ["nothing", undefined, false],
] as const) {
  test(`${what} is ${expected ? "a" : "no"} lack of rights`, () => assert.equal(isAccessDenied(error), expected));
}
