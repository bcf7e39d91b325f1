import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestSql } from "@rondo/store/testing";
import { openTestContext } from "../testing/open-test-context.ts";
import { createAnswerMeter, readAnswerFigures } from "./answer-meter.ts";
import { latencyQuantile } from "./latency-histogram.ts";

test("answers are counted by hour, from several processes, with hit rate and latency", async () => {
  await using database = await openTestSql();
  const context = await openTestContext(database);
  const meters = [createAnswerMeter(context), createAnswerMeter(context)];
  for (const meter of meters) {
    for (let index = 0; index < 98; index++) meter.record({ route: "user", source: "cache", milliseconds: 1.5 });
    meter.record({ route: "user", source: "live", milliseconds: 150 });
    meter.record({ route: "ranking", source: "live", milliseconds: 9 });
    meter.record({ route: "similar", source: "popular", milliseconds: 3 });
    meter.record({ route: "user", source: "failed", milliseconds: 3_000 });
    await meter.close();
  }
  const figures = await readAnswerFigures(context, new Date("2026-03-01T10:00:00Z"));
  assert.deepEqual(figures, {
    answers: 202,
    failures: 2,
    by_source: { cache: 196, live: 4, popular: 2 },
    cache_hit_rate: 0.98,
    saved_calls: 1 - 4 / 202,
    live_calls: 4,
    cached_p50_ms: 2,
    cached_p99_ms: 2,
    p99_ms: 200,
  });
  assert.equal((await readAnswerFigures(context, new Date("2026-03-01T11:00:00Z"))).cache_hit_rate, null);
});

test("a quantile is the bound below which the share lies", () => {
  assert.equal(latencyQuantile([], 0.5), null);
  assert.equal(latencyQuantile([99, 1], 0.99), 1);
  assert.equal(latencyQuantile([98, 2], 0.99), 2);
});
