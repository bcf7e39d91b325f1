import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIsoDuration } from "./iso-duration.ts";

const HOUR = 3_600_000;

test("reads durations as ISO 8601, the AWS documentation and the Python SDK write them", () => {
  const written: readonly (readonly [string, number])[] = [
    ["PT1H", HOUR],
    ["pt1h", HOUR],
    ["T12H", 12 * HOUR],
    ["30d", 30 * 24 * HOUR],
    ["p30d", 30 * 24 * HOUR],
    ["P4DT12H", (4 * 24 + 12) * HOUR],
    ["P1W", 7 * 24 * HOUR],
    ["PT90M", 1.5 * HOUR],
    ["PT45S", 45_000],
    ["P1Y2M", (365 + 60) * 24 * HOUR],
  ];
  for (const [text, milliseconds] of written) assert.equal(parseIsoDuration(text), milliseconds, text);
});

test("refuses what is none", () => {
  for (const text of ["", "P", "PT", "1", "1h", "PT0S", "P-1D", "PT1.5H", "P1D12H", "soon", "P9999999999D"]) {
    assert.equal(parseIsoDuration(text), undefined, text);
  }
});
