import assert from "node:assert/strict";
import { test } from "node:test";
import { VariantMeter } from "./variant-meter.ts";

const options = { dimensions: { EndpointName: "e", VariantName: "v" }, timestamp: new Date(0), instanceCount: 2 };

test("no invocations, no metrics", () => {
  assert.deepEqual(new VariantMeter().take(options), []);
});

test("counts invocations and errors as CloudWatch's endpoint metrics do", () => {
  const meter = new VariantMeter();
  for (const status of [200, 200, 400, 500]) meter.record(status, 10, 5);
  const sums = Object.fromEntries(meter.take(options).map(({ name, statistics }) => [name, statistics.sum]));
  assert.deepEqual(sums, {
    Invocations: 4,
    InvocationsPerInstance: 2,
    Invocation4XXErrors: 1,
    Invocation5XXErrors: 1,
    InvocationModelErrors: 2,
    ModelLatency: 40,
    OverheadLatency: 20,
  });
  assert.deepEqual(meter.take(options), []);
});

test("sample counts are those of the values", () => {
  const meter = new VariantMeter();
  for (let index = 0; index < 100; index++) meter.record(index % 3 === 0 ? 400 : 200, index * 7, index);
  for (const { statistics, values } of meter.take(options)) {
    assert.equal(statistics.sampleCount, 100);
    assert.equal(
      values?.reduce((sum, { count }) => sum + count, 0),
      100,
    );
  }
});

test("a percentile read from the buckets is within 5 % of the true one", () => {
  const meter = new VariantMeter();
  const latencies = Array.from({ length: 1000 }, (_, index) => 100 + index * 3);
  for (const latency of latencies) meter.record(200, latency, 0);
  const latency = meter.take(options).find(({ name }) => name === "ModelLatency")!;
  for (const quantile of [0.5, 0.9, 0.99]) {
    const expected = latencies[Math.floor(quantile * 1000)]!;
    let seen = 0;
    const value = latency.values!.find(({ count }) => (seen += count) > quantile * 1000)!.value;
    assert.ok(Math.abs(value / expected - 1) < 0.05, `${quantile}: ${value} instead of ${expected}`);
  }
  assert.deepEqual([latency.statistics.minimum, latency.statistics.maximum], [100, 3097]);
});
