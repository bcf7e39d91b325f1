import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { ParameterError } from "../../parameters.ts";
import { denseMatrix } from "../../table/matrix.ts";
import type { Table } from "../../table/table.ts";
import type { FailureDistribution } from "../objectives/failure-distributions.ts";
import { assertNear } from "../testing/assert-near.ts";
import { findMetric, type MetricSettings, metricNames } from "./find-metric.ts";

interface RecordedCase {
  readonly metric: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly predictions: readonly number[];
  readonly labels: readonly number[] | null;
  readonly weights: readonly number[] | null;
  readonly groups: readonly number[] | null;
  readonly bounds: readonly [readonly number[], readonly (number | null)[]] | null;
  readonly value: number;
}

const recorded = new URL("../testing/fixtures/generated/metrics.json", import.meta.url);
const cases = JSON.parse(await readFile(recorded, "utf8")) as readonly RecordedCase[];

function settingsOf({ settings }: RecordedCase): MetricSettings {
  return {
    objective: String(settings["objective"]),
    huberSlope: settings["huber_slope"] as number | undefined,
    exponentialGain: settings["ndcg_exp_gain"] as boolean | undefined,
    aftLossDistribution: settings["aft_loss_distribution"] as FailureDistribution | undefined,
    aftLossDistributionScale: settings["aft_loss_distribution_scale"] as number | undefined,
  };
}

function tableOf({ labels, weights, groups, bounds, predictions }: RecordedCase): Table {
  const rows = labels?.length ?? predictions.length;
  return {
    features: denseMatrix(Array.from({ length: rows }, () => [0])),
    ...(labels === null ? {} : { labels: Float32Array.from(labels) }),
    ...(weights === null ? {} : { weights: Float32Array.from(weights) }),
    ...(groups === null
      ? {}
      : { groups: Uint32Array.from(groups.flatMap((size, group) => Array.from({ length: size }, () => group))) }),
    ...(bounds === null
      ? {}
      : {
          bounds: {
            lower: Float32Array.from(bounds[0]),
            upper: Float32Array.from(bounds[1], (bound) => bound ?? Infinity),
          },
        }),
  };
}

describe("metrics as pip's xgboost and scikit-learn compute them", () => {
  for (const [index, recordedCase] of cases.entries()) {
    const { metric, predictions, weights, settings, value } = recordedCase;
    test(`${metric} of ${String(settings["objective"])}${weights === null ? "" : ", weighted"} (${index})`, () => {
      const table = tableOf(recordedCase);
      const { rows } = table.features;
      const found = findMetric(metric, settingsOf(recordedCase));
      assert.equal(found.name, metric);
      const judged = { rows, width: predictions.length / rows, values: Float32Array.from(predictions) };
      assertNear([found.evaluate(judged, table)], [value], 1e-5);
    });
  }

  test("every name is among the recorded ones", () => {
    const names = new Set(cases.map(({ metric }) => metric.replace(/@.*|-$/, "")));
    assert.deepEqual(
      metricNames.filter((name) => !names.has(name)),
      [],
    );
  });
});

describe("metrics that there are not", () => {
  for (const name of [
    "",
    "rmse@3",
    "ndcg@",
    "ndcg@0",
    "ndcg@x",
    "map@1.5",
    "error@",
    "error@x",
    "tweedie-nloglik",
    "tweedie-nloglik@2",
    "toString",
  ]) {
    test(`${JSON.stringify(name)} is refused`, () => {
      assert.throws(() => findMetric(name, { objective: "reg:squarederror" }), ParameterError);
    });
  }

  test("data without what a metric needs is refused", () => {
    const features = denseMatrix([[0], [0]]);
    const one = { rows: 2, width: 1, values: new Float32Array(2) };
    const find = (name: string) => findMetric(name, { objective: "reg:squarederror" });
    assert.throws(() => find("rmse").evaluate(one, { features }), DataError);
    assert.throws(() => find("aft-nloglik").evaluate(one, { features }), DataError);
    assert.throws(
      () =>
        find("rmse").evaluate(
          { ...one, width: 2, values: new Float32Array(4) },
          { features, labels: new Float32Array(2) },
        ),
      /merror/,
    );
    assert.throws(
      () => find("mlogloss").evaluate(one, { features, labels: Float32Array.of(0, 1) }),
      /label 1 of row 2/,
    );
    assert.throws(
      () => find("ndcg").evaluate(one, { features, labels: new Float32Array(2), groups: Uint32Array.of(1, 0) }),
      /do not follow/,
    );
  });
});
