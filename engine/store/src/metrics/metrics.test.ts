import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { deleteExpiredMetrics } from "./delete-expired-metrics.ts";
import type { MetricDatum } from "./metric-writer.ts";
import { createMetrics } from "./metrics.ts";

const owner = { accountId: "111122223333", region: "eu-west-1" };
const start = Date.parse("2026-03-01T00:00:00Z") / 1000;
const dimensions = { TrainingJobName: "job" };
const metric = { ...owner, namespace: "test", name: "loss", dimensions };

async function openMetrics() {
  const sql = await openTestSql();
  const metrics = createMetrics({ sql, clock: { now: () => new Date(start * 1000) } });
  const read = async (options: { from?: number; to?: number; period?: number; percentiles?: number[] } = {}) => {
    const seriesId = await metrics.findSeries(metric);
    assert.ok(seriesId);
    const { from = 0, to = start + 1e6, period = 60, percentiles = [] } = options;
    return metrics.readStatistics({
      seriesId,
      from,
      to,
      period,
      origin: 0,
      separateUnits: true,
      percentiles,
      limit: 100,
    });
  };
  return { sql, metrics, read, [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose]() };
}

function datum(value: number, seconds: number, more: Partial<MetricDatum> = {}): MetricDatum {
  return {
    name: "loss",
    dimensions,
    timestamp: new Date(seconds * 1000),
    unit: "None",
    statistics: { sampleCount: 1, sum: value, minimum: value, maximum: value },
    values: [{ value, count: 1 }],
    ...more,
  };
}

test("puts of one minute become one row, whoever writes at the same time", async () => {
  await using home = await openMetrics();
  const values = Array.from({ length: 40 }, (_, index) => index + 1);
  await Promise.all(
    values.map((value) => home.metrics.put(owner, "test", [datum(value, start + value), datum(0, start)])),
  );
  const [count] = await home.sql.query<{ count: number }>("SELECT count(*)::integer AS count FROM metric_point");
  assert.equal(count?.count, 1);
  const [row] = await home.read({ percentiles: [50, 90, 100] });
  assert.deepEqual(
    { ...row, percentiles: [...(row?.percentiles ?? [])] },
    {
      start,
      unit: "None",
      sampleCount: 80,
      sum: 820,
      minimum: 0,
      maximum: 40,
      percentiles: [
        [50, 0],
        [90, 32],
        [100, 40],
      ],
    },
  );
});

test("periods, units, resolutions and dimensions are kept apart", async () => {
  await using home = await openMetrics();
  await home.metrics.put(owner, "test", [
    datum(1, start),
    datum(2, start + 61),
    datum(3, start + 61, { unit: "Percent" }),
    datum(4, start + 62, { resolution: 1 }),
    datum(9, start, { dimensions: { ...dimensions, Host: "a" } }),
  ]);
  const sums = async (period: number, from = 0) =>
    (await home.read({ period, from })).map((row) => [row.start - start, row.unit, row.sum]);
  assert.deepEqual(await sums(60), [
    [0, "None", 1],
    [60, "None", 6],
    [60, "Percent", 3],
  ]);
  assert.deepEqual(await sums(1, start + 61), [[62, "None", 4]]);
  assert.deepEqual(await sums(3600), [
    [0, "None", 7],
    [0, "Percent", 3],
  ]);
});

test("aggregates have no percentiles unless their extremes are equal", async () => {
  await using home = await openMetrics();
  const aggregate = (minimum: number, maximum: number) => ({
    values: undefined,
    statistics: { sampleCount: 2, sum: minimum + maximum, minimum, maximum },
  });
  await home.metrics.put(owner, "test", [
    datum(0, start, aggregate(1, 3)),
    datum(5, start),
    datum(0, start + 60, aggregate(2, 2)),
  ]);
  const rows = await home.read({ percentiles: [50] });
  assert.deepEqual(
    rows.map(({ percentiles }) => percentiles.get(50)),
    [undefined, 2],
  );
});

test("series are listed by part of their dimensions, in pages", async () => {
  await using home = await openMetrics();
  await home.metrics.put(owner, "test", [
    datum(1, start),
    datum(1, start, { name: "accuracy" }),
    datum(1, start, { dimensions: { Host: "a" } }),
  ]);
  const query = { ...owner, dimensions: [], activeSince: new Date(0), limit: 10 };
  const names = async (more: object) => (await home.metrics.listSeries({ ...query, ...more })).map(({ name }) => name);
  assert.deepEqual(await names({}), ["accuracy", "loss", "loss"]);
  assert.deepEqual(await names({ dimensions: [{ name: "TrainingJobName", value: "job" }] }), ["accuracy", "loss"]);
  assert.deepEqual(await names({ dimensions: [{ name: "Host" }] }), ["loss"]);
  assert.deepEqual(await names({ dimensions: [{ name: "Host", value: "b" }] }), []);
  assert.deepEqual(await names({ name: "accuracy", namespace: "test" }), ["accuracy"]);
  assert.deepEqual(await names({ activeSince: new Date(start * 1000 + 1) }), []);
  assert.deepEqual(await names({ region: "us-east-1" }), []);
  assert.deepEqual(await names({ after: { namespace: "test", name: "loss", dimensionsHash: "" } }), ["loss", "loss"]);
});

test("old points are rolled up into longer periods and end after 455 days", async () => {
  await using home = await openMetrics();
  await home.metrics.put(owner, "test", [
    datum(1, start),
    datum(5, start + 60),
    datum(3, start + 61, { resolution: 1 }),
    datum(7, start + 600),
  ]);
  const after = async (days: number) => {
    await deleteExpiredMetrics({ sql: home.sql, now: new Date((start + days * 86_400) * 1000) });
    return home.sql.query<{ resolution: number; start: number; sum: number }>(
      "SELECT resolution, start - $1::bigint AS start, sum FROM metric_point ORDER BY start",
      [start],
    );
  };
  assert.deepEqual(await after(1), [
    { resolution: 60, start: 0, sum: 1 },
    { resolution: 60, start: 60, sum: 8 },
    { resolution: 60, start: 600, sum: 7 },
  ]);
  assert.deepEqual(await after(16), [
    { resolution: 300, start: 0, sum: 9 },
    { resolution: 300, start: 600, sum: 7 },
  ]);
  assert.deepEqual(await after(64), [{ resolution: 3600, start: 0, sum: 16 }]);
  const [row] = await home.read({ period: 3600, percentiles: [50, 100] });
  assert.deepEqual([row?.sampleCount, row?.percentiles.get(50), row?.percentiles.get(100)], [4, 3, 7]);
  assert.deepEqual(await after(456), []);
  assert.equal(await home.metrics.findSeries(metric), undefined);
});
