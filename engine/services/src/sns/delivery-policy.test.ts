import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultHttpPolicy,
  effectiveHttpPolicy,
  mailPolicy,
  parseDeliveryPolicy,
  queuePolicy,
  retryDelay,
} from "./delivery-policy.ts";

const delays = (policy: typeof mailPolicy, count: number) =>
  Array.from({ length: count }, (_, index) => retryDelay(policy, index + 1));

test("the defaults are SNS's: three retries for http, six hours of mail, the phases of queues", () => {
  assert.deepEqual(delays(defaultHttpPolicy, 4), [20, 20, 20, undefined]);
  const mail = delays(mailPolicy, 50) as number[];
  assert.deepEqual(mail.slice(0, 3), [10, 10, 10]);
  assert.ok(Math.abs((mail[11] ?? 0) - 600) < 1e-9 && mail[49] === 600);
  const hours = mail.reduce((sum, delay) => sum + delay, 0) / 3600;
  assert.ok(hours > 6 && hours < 7.5, `${hours} hours`);
  assert.equal(retryDelay(mailPolicy, 51), undefined);
  assert.deepEqual(delays(queuePolicy, 6), [0, 0, 0, 1, 1, 1]);
  assert.equal(retryDelay(queuePolicy, 100_015), 20);
});

test("the growing phase grows from the shortest to the longest delay, however it is curved", () => {
  for (const backoffFunction of ["linear", "arithmetic", "geometric", "exponential"] as const) {
    const policy = { ...defaultHttpPolicy, minDelayTarget: 1, maxDelayTarget: 100, numRetries: 5, backoffFunction };
    const grown = delays(policy, 5) as number[];
    assert.equal(grown[0], 1);
    assert.ok(Math.abs((grown[4] ?? 0) - 100) < 1e-9);
    assert.deepEqual(
      grown,
      grown.toSorted((left, right) => left - right),
    );
  }
});

test("a subscription's policy counts before the topic's, unless the topic forbids it", () => {
  const own = JSON.stringify({ healthyRetryPolicy: { numRetries: 7 } });
  const topic = (disableSubscriptionOverrides: boolean) =>
    JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 5 }, disableSubscriptionOverrides } });
  assert.equal(effectiveHttpPolicy(undefined, undefined).numRetries, 3);
  assert.equal(effectiveHttpPolicy(topic(false), undefined).numRetries, 5);
  assert.equal(effectiveHttpPolicy(topic(false), own).numRetries, 7);
  assert.equal(effectiveHttpPolicy(topic(true), own).numRetries, 5);
});

test("policies out of range are refused", () => {
  const wrong = [
    { numRetries: 101 },
    { minDelayTarget: 0 },
    { minDelayTarget: 30, maxDelayTarget: 20 },
    { numNoDelayRetries: 4 },
    { numRetries: 100, maxDelayTarget: 3600 },
    { backoffFunction: "random" },
    { retries: 1 },
  ];
  for (const healthyRetryPolicy of wrong) {
    assert.throws(() => parseDeliveryPolicy(JSON.stringify({ healthyRetryPolicy })), /DeliveryPolicy/);
  }
  assert.throws(() => parseDeliveryPolicy('{"throttlePolicy":{"maxReceivesPerSecond":1}}'), /throttlePolicy/);
});
