import assert from "node:assert/strict";
import { test } from "node:test";
import type { RetryPolicy } from "./definition.ts";
import { exceptionOfError, exceptionOfFailure, nextAttemptAt } from "./retry-schedule.ts";

const start = new Date("2026-01-01T00:00:00Z");
const throttled: RetryPolicy = {
  exceptionTypes: ["Step.THROTTLING"],
  intervalSeconds: 10,
  backoffRate: 2,
  maxAttempts: 3,
  expireAfterMinutes: undefined,
};

function delays(policy: RetryPolicy): number[] {
  const waits: number[] = [];
  let now = start;
  for (let attempts = 1; ; attempts += 1) {
    const at = nextAttemptAt([policy], "Step.THROTTLING", { attempts, startedAt: start, now });
    if (at === undefined) return waits;
    waits.push((at.getTime() - now.getTime()) / 1000);
    now = at;
  }
}

test("waits longer after each failure, and not more often than allowed", () => {
  assert.deepEqual(delays(throttled), [10, 20, 40]);
  assert.deepEqual(delays({ ...throttled, backoffRate: 1, maxAttempts: 2 }), [10, 10]);
});

test("a service's fault and throttling are tried again without a policy, unless one says otherwise", () => {
  const tried = { attempts: 1, startedAt: start, now: start };
  assert.equal(nextAttemptAt([], "Step.SERVICE_FAULT", tried)?.toISOString(), "2026-01-01T00:00:01.000Z");
  assert.equal(nextAttemptAt([], "Step.THROTTLING", { ...tried, attempts: 6 }), undefined);
  assert.equal(nextAttemptAt([throttled], "Step.THROTTLING", tried)?.toISOString(), "2026-01-01T00:00:10.000Z");
  assert.equal(nextAttemptAt([], "SageMaker.JOB_INTERNAL_ERROR", tried), undefined);
});

test("ends when the time since the first start is over", () => {
  assert.deepEqual(delays({ ...throttled, maxAttempts: undefined, expireAfterMinutes: 2 }), [10, 20, 40]);
  assert.deepEqual(delays({ ...throttled, maxAttempts: undefined, expireAfterMinutes: 1 }), [10, 20]);
});

test("repeats only for the exceptions that the policy names", () => {
  const tried = { attempts: 1, startedAt: start, now: start };
  assert.equal(nextAttemptAt([throttled], "SageMaker.RESOURCE_LIMIT", tried), undefined);
  assert.equal(nextAttemptAt([throttled], undefined, tried), undefined);
  const limited = { ...throttled, exceptionTypes: ["SageMaker.RESOURCE_LIMIT"], intervalSeconds: 1 };
  const at = nextAttemptAt([throttled, limited], "SageMaker.RESOURCE_LIMIT", tried);
  assert.equal(at?.toISOString(), "2026-01-01T00:00:01.000Z");
});

test("knows what errors and failures are", () => {
  assert.equal(exceptionOfError("ThrottlingException", false), "Step.THROTTLING");
  assert.equal(exceptionOfError("ResourceLimitExceeded", false), "SageMaker.RESOURCE_LIMIT");
  assert.equal(exceptionOfError("InternalFailure", true), "Step.SERVICE_FAULT");
  assert.equal(exceptionOfError("ValidationException", false), undefined);
  assert.equal(exceptionOfFailure("InternalServerError: the machine was restarted"), "SageMaker.JOB_INTERNAL_ERROR");
  assert.equal(exceptionOfFailure("CapacityError: no instances"), "SageMaker.CAPACITY_ERROR");
  assert.equal(exceptionOfFailure("AlgorithmError: exit code: 1"), undefined);
});
