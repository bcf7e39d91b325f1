import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError, ParameterError } from "@rondo/learn";
import { decodeBlendPlan } from "../model/blend-plan.ts";
import { MULTIPLIERS_FILE, openScorer, PLAN_FILE } from "../model/open-scorer.ts";
import type { DatasetGroupData } from "../records/dataset-group-data.ts";
import { retailSlice } from "../testing/retail-slice.ts";
import { selectRecords } from "./select-records.ts";
import { type TrainedSolution, type TrainingContext, trainModel } from "./train-model.ts";
import type { TrainingRequest } from "./training-request.ts";

const clock = { now: () => new Date("2011-12-10T00:00:00Z") };
const context: TrainingContext = { threads: 1, clock };

async function train(
  group: DatasetGroupData,
  request: Partial<TrainingRequest> = {},
  previous?: TrainedSolution,
): Promise<TrainedSolution> {
  const full = { recipe: "aws-sims", trainingMode: "FULL", performHPO: false, solutionConfig: {}, ...request } as const;
  return await trainModel(group, full, context, previous?.model);
}

/** The first events of the slice. */
function firstEvents(count: number): DatasetGroupData {
  const group = retailSlice();
  const { schema, records } = group.datasets.Interactions ?? assert.fail();
  const kept = selectRecords(
    records,
    Int32Array.from({ length: count }, (_, row) => row),
  );
  return { ...group, datasets: { ...group.datasets, Interactions: { schema, records: kept } } };
}

test("too few interactions are refused with a reason that says how many there are", async () => {
  await assert.rejects(train(firstEvents(999)), (error: Error) => {
    return error instanceof DataError && /There are 999 interactions.*at least 1000 are needed/.test(error.message);
  });
  const solutionConfig = { eventValueThreshold: "20" };
  await assert.rejects(
    train(retailSlice(), { solutionConfig }),
    /after filtering by event type and event value threshold/,
  );
});

test("only events of the solution's types and values are learned from, but filters see all", async () => {
  const group = retailSlice({ eventTypes: ["View", "Purchase"] });
  const { model } = await train(group, { eventType: "purchase", solutionConfig: { eventValueThreshold: "2" } });
  assert.equal(model.histories.events.items.length, 2 * 2159);
  const { events } = model.learned;
  assert.ok(events.items.length < 2159 && events.items.length > 1000, String(events.items.length));
  assert.deepEqual(model.eventSelection, { types: { purchase: { weight: 1 } }, valueThreshold: 2 });
});

test("weights of event types are what their events count", async () => {
  const group = retailSlice({ eventTypes: ["View", "Purchase"] });
  const eventParametersList = [
    { eventType: "View", weight: 0.25 },
    { eventType: "Purchase", weight: 1 },
  ];
  const { model } = await train(group, { solutionConfig: { eventsConfig: { eventParametersList } } });
  assert.deepEqual([...new Set(model.learned.events.weights)].toSorted(), [0.25, 1]);
});

test("the same data and request give the same model", async () => {
  const [one, other] = [await train(retailSlice()), await train(retailSlice())];
  assert.deepEqual(one, other);
});

test("an update keeps what was chosen, and learns new events", async () => {
  const request = { recipe: "aws-user-personalization" } as const;
  const old = await train(firstEvents(1500), request);
  const updated = await train(retailSlice(), { ...request, trainingMode: "UPDATE" }, old);
  const planOf = ({ model }: TrainedSolution) => decodeBlendPlan(model.files[PLAN_FILE] ?? assert.fail());
  assert.deepEqual(planOf(updated), planOf(old));
  assert.ok(updated.model.learned.events.items.length > old.model.learned.events.items.length);
});

test("tuning draws inside of the declared ranges, and tells what was best", async () => {
  const hpoConfig = {
    hpoResourceConfig: { maxNumberOfTrainingJobs: "4" },
    algorithmHyperParameterRanges: {
      continuousHyperParameterRanges: [{ name: "popularity_discount_factor", minValue: 0.1, maxValue: 0.2 }],
    },
  };
  const solutionConfig = { hpoConfig, algorithmHyperParameters: { min_cointeraction_count: "2" } };
  const { model, report } = await train(retailSlice(), { performHPO: true, solutionConfig });
  const { popularity_discount_factor: factor, min_cointeraction_count: count } = report.tunedHyperparameters ?? {};
  assert.ok(factor === "0.5" || (Number(factor) >= 0.1 && Number(factor) <= 0.2), factor);
  assert.equal(count, "2");
  assert.equal(model.hyperparameters["popularity_discount_factor"], factor);
});

test("hyperparameters outside of their range are refused", async () => {
  const solutionConfig = { algorithmHyperParameters: { min_cointeraction_count: "11" } };
  await assert.rejects(train(retailSlice(), { solutionConfig }), ParameterError);
});

test("an objective lifts dear articles, and is measured", async () => {
  const request = { recipe: "aws-user-personalization-v2" } as const;
  const plain = await train(retailSlice(), request);
  const optimizationObjective = { itemAttribute: "PRICE", objectiveSensitivity: "HIGH" } as const;
  const lifted = await train(retailSlice(), { ...request, solutionConfig: { optimizationObjective } });
  assert.equal(lifted.model.files[MULTIPLIERS_FILE]?.length, 4 * lifted.model.items.ids.length);
  assert.ok("average_rewards_at_k" in lifted.report.metrics && !("average_rewards_at_k" in plain.report.metrics));
  const prices = plain.model.items.records.columns["PRICE"];
  assert.ok(prices?.kind === "number");
  const meanPrice = async ({ model }: TrainedSolution): Promise<number> => {
    const { scorer } = await openScorer(model);
    const best = Array.from({ length: 50 }, (_, user) => {
      const scores = scorer.score(model.learned, user);
      return prices.values[scores.indexOf(Math.max(...scores))];
    });
    return best.reduce((sum, price) => sum + price, 0) / best.length;
  };
  assert.ok((await meanPrice(lifted)) > (await meanPrice(plain)));
});

test("an objective that is no number is refused", async () => {
  const solutionConfig = { optimizationObjective: { itemAttribute: "DESCRIPTION" } };
  await assert.rejects(train(retailSlice(), { solutionConfig }), /DESCRIPTION is no numeric column/);
});

test("an abort ends the training", async () => {
  const signal = AbortSignal.abort();
  const request = {
    recipe: "aws-user-personalization",
    trainingMode: "FULL",
    performHPO: false,
    solutionConfig: {},
  } as const;
  await assert.rejects(trainModel(retailSlice(), request, { ...context, signal }), { name: "AbortError" });
});
