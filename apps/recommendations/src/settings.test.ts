import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings, SettingsError } from "./settings.ts";

test("everything has a default, with the names that users expect", () => {
  const settings = readSettings({});
  assert.deepEqual(
    [settings.datasetGroup, settings.bucket, settings.regionSampleSize, settings.cacheHours, settings.recipes],
    ["mastergroup-recommendations", "mastergroup-personalize-data", 50, 6, "original"],
  );
  assert.deepEqual(
    [settings.batchIntervalHours, settings.trainingIntervalHours, settings.updateIntervalHours],
    [6, 168, 24],
  );
});

test("a value that cannot be used is refused with the variable and what it should be", () => {
  for (const [variable, value, expected] of [
    ["CACHE_TTL_HOURS", "soon", /CACHE_TTL_HOURS is "soon". It should be a number from 0.01/],
    ["REGION_SAMPLE_SIZE", "-1", /REGION_SAMPLE_SIZE is "-1"/],
    ["SAMPLE_ORDERS", "yes", /moved or recorded or none/],
    ["PERSONALIZE_DATASET_GROUP", "a b", /letters, digits, hyphens/],
  ] as const) {
    assert.throws(
      () => readSettings({ [variable]: value }),
      (error) => error instanceof SettingsError && expected.test(error.message),
    );
  }
});
