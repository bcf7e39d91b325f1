import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlreadyExisting, isNotFound, UnexpectedStatusError } from "./errors.ts";

function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

test("a failure says what, why and what next", () => {
  const error = new UnexpectedStatusError("training job j", {
    status: "Failed",
    failureReason: "AlgorithmError: no data",
    advice: "Look at its log.",
  });
  assert.equal(error.message, "The training job j is Failed: AlgorithmError: no data\nLook at its log.");
  assert.equal(error.failureReason, "AlgorithmError: no data");
});

test("taken names are recognised by AWS's texts", () => {
  assert.ok(isAlreadyExisting(awsError("ValidationException", 'Cannot create already existing model "m".')));
  assert.ok(isAlreadyExisting(awsError("ResourceInUse", "Training job already exists.")));
  assert.ok(!isAlreadyExisting(awsError("ValidationException", "1 validation error detected")));
});

test("missing resources are recognised by AWS's codes and texts", () => {
  assert.ok(isNotFound(awsError("ValidationException", "Could not find endpoint.")));
  assert.ok(isNotFound(awsError("ResourceNotFound", "Requested resource not found.")));
  assert.ok(isNotFound(awsError("NotFound", "")));
  assert.ok(isNotFound(awsError("ValidationException", "ModelPackage arn:aws:sagemaker:… does not exist.")));
  assert.ok(!isNotFound(awsError("ValidationException", "Value at 'limit' failed")));
  assert.ok(!isNotFound("no error at all"));
});
