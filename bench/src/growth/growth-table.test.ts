import assert from "node:assert/strict";
import { test } from "node:test";
import { growthTable } from "./growth-table.ts";

test("columns are aligned, and a size is compared with a tenth of it", () => {
  const table = growthTable([
    { algorithm: "linear-learner", rows: 10_000, outcome: { seconds: 0.25, dataBytes: 840_000, peakBytes: 4e7 } },
    { algorithm: "linear-learner", rows: 100_000, outcome: { seconds: 2, dataBytes: 8_400_000, peakBytes: 6e7 } },
    { algorithm: "implicit-als", rows: 100_000, outcome: { seconds: 12.34, dataBytes: 2.3e6, peakBytes: 2.3e9 } },
  ]);
  assert.equal(
    table,
    [
      "| algorithm      |    rows | data, MB | training, s | per 10× | peak memory, MB | per 10× |",
      "| -------------- | ------: | -------: | ----------: | ------: | --------------: | ------: |",
      "| linear learner |  10,000 |      0.8 |        0.25 |         |              40 |         |",
      "| linear learner | 100,000 |      8.4 |        2.00 |     8.0 |              60 |     1.5 |",
      "| implicit ALS   | 100,000 |      2.3 |        12.3 |         |           2,300 |         |",
    ].join("\n"),
  );
});

test("a training that failed keeps its row and is nobody's measure", () => {
  const lines = growthTable([
    { algorithm: "gradient-boosting", rows: 10_000, outcome: { failure: "out of memory" } },
    { algorithm: "gradient-boosting", rows: 100_000, outcome: { seconds: 1, dataBytes: 1e7, peakBytes: 1e7 } },
  ]).split("\n");
  const cellsOf = (line: string): string[] => line.split("|").map((cell) => cell.trim());
  assert.deepEqual(cellsOf(lines[2]!).slice(2, 5), ["10,000", "–", "failed"]);
  assert.equal(cellsOf(lines[3]!)[5], "");
});
