import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { denseMatrix } from "../../table/matrix.ts";
import type { Table } from "../../table/table.ts";
import { assertNear } from "../testing/assert-near.ts";
import { acceleratedFailure } from "./accelerated-failure.ts";
import { cox } from "./cox.ts";
import type { FailureDistribution } from "./failure-distributions.ts";
import { type LambdaRankOptions, lambdaRank } from "./lambda-rank.ts";
import type { Objective } from "./objective.ts";

type Numbers = readonly (number | null)[];

interface RecordedGradients {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly margins: Numbers;
  readonly labels: Numbers | null;
  readonly weights: Numbers | null;
  readonly groups: readonly number[] | null;
  readonly bounds: readonly [Numbers, Numbers] | null;
  /** null where pip's tree did not tell. */
  readonly first: Numbers;
  readonly second: Numbers;
}

const recorded = new URL("../testing/fixtures/generated/gradients.json", import.meta.url);
const cases = JSON.parse(await readFile(recorded, "utf8")) as readonly RecordedGradients[];

const floats = (numbers: Numbers): Float32Array => Float32Array.from(numbers, (number) => number ?? Infinity);

function objectiveOf({ parameters }: RecordedGradients): Objective {
  const name = String(parameters["objective"]);
  if (name === "survival:cox") return cox();
  if (name === "survival:aft") {
    const distribution = parameters["aft_loss_distribution"] as FailureDistribution;
    return acceleratedFailure({ distribution, scale: Number(parameters["aft_loss_distribution_scale"]) });
  }
  const pairsPerSample = parameters["lambdarank_num_pair_per_sample"] as number | undefined;
  return lambdaRank({
    name: name as LambdaRankOptions["name"],
    pairMethod: "topk",
    ...(pairsPerSample === undefined ? {} : { pairsPerSample }),
    exponentialGain: parameters["ndcg_exp_gain"] !== false,
    unbiased: false,
    biasNorm: 1,
    seed: 0,
  });
}

function tableOf({ margins, labels, weights, groups, bounds }: RecordedGradients): Table {
  return {
    features: denseMatrix(margins.map(() => [0])),
    ...(labels === null ? {} : { labels: floats(labels) }),
    ...(weights === null ? {} : { weights: floats(weights) }),
    ...(groups === null
      ? {}
      : { groups: Uint32Array.from(groups.flatMap((size, group) => Array.from({ length: size }, () => group))) }),
    ...(bounds === null ? {} : { bounds: { lower: floats(bounds[0]), upper: floats(bounds[1]) } }),
  };
}

describe("derivatives of pip's xgboost", () => {
  for (const [index, recordedCase] of cases.entries()) {
    const { parameters, margins, weights, first, second } = recordedCase;
    test(`${Object.values(parameters).join(", ")}${weights === null ? "" : ", weighted"} (${index})`, () => {
      const objective = objectiveOf(recordedCase);
      const table = tableOf(recordedCase);
      objective.check(table);
      const out = { first: new Float32Array(margins.length), second: new Float32Array(margins.length) };
      objective.gradients(floats(margins), table, out, 0);
      const told = first.flatMap((value, row) => (value === null ? [] : [row]));
      assert.ok(told.length > margins.length / 2);
      assertNear(
        told.map((row) => out.first[row]),
        told.map((row) => first[row] as number),
        3e-5,
      );
      assertNear(
        told.map((row) => out.second[row]),
        told.map((row) => second[row] as number),
        3e-5,
      );
    });
  }
});
