import assert from "node:assert/strict";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readModelDirectory, writeModelDirectory } from "../model/model-directory.ts";
import { openScorer } from "../model/open-scorer.ts";
import type { Recipe } from "../recipes/recipe.ts";
import { type TrainedSolution, trainModel } from "../training/train-model.ts";
import { retailSlice } from "./retail-slice.ts";

const METRICS = {
  USER_SEGMENTATION: ["hit_at_k", "recall_at_k"],
  lists: [
    "coverage",
    "mean_reciprocal_rank_at_25",
    "normalized_discounted_cumulative_gain_at_5",
    "normalized_discounted_cumulative_gain_at_10",
    "normalized_discounted_cumulative_gain_at_25",
    "precision_at_5",
    "precision_at_10",
    "precision_at_25",
  ],
  trends: ["coverage", "trend_prediction_accuracy"],
} as const;

const CLOCK = { now: () => new Date("2011-12-10T00:00:00Z") };

/** What every recipe has to do: learn from real orders, measure itself by AWS's names, and answer the same after its files were written and read. */
export function testRecipe(recipe: Recipe): void {
  describe(recipe.name, { concurrency: true }, () => {
    let trained: Promise<TrainedSolution> | undefined;
    const train = (): Promise<TrainedSolution> => (trained ??= trainOnOrders(recipe));

    test("measures what GetSolutionMetrics tells", async () => {
      const { metrics, extras } = (await train()).report;
      assert.deepEqual(Object.keys(metrics).sort(), [...metricsOf(recipe)].sort());
      for (const [name, value] of Object.entries(metrics)) {
        const most = name === "hit_at_k" ? Number.POSITIVE_INFINITY : 1;
        assert.ok(value >= 0 && value <= most, `${name} ${value}`);
      }
      assert.ok(extras !== undefined && "plan" in extras);
    });

    test("answers the same from its files", async () => {
      const { model } = await train();
      await using folder = await mkdtempDisposable(join(tmpdir(), "recipe-"));
      await writeModelDirectory(folder.path, model);
      const read = await readModelDirectory(folder.path);
      assert.deepEqual({ ...read, files: {} }, { ...model, files: {} });
      const [before, after] = [await openScorer(model), await openScorer(read)];
      for (const user of [0, 7, model.users.ids.length - 1]) {
        assert.deepEqual(after.scorer.score(read.learned, user), before.scorer.score(model.learned, user));
        const scores = before.newItemsScorer.score(model.learned, user);
        assert.deepEqual(after.newItemsScorer.score(read.learned, user), scores);
        assert.ok(scores.every(Number.isFinite));
      }
    });
  });
}

async function trainOnOrders({ name, type, data }: Recipe): Promise<TrainedSolution> {
  const group = retailSlice({ eventTypes: data.eventTypes ?? [], ofActions: type === "PERSONALIZED_ACTIONS" });
  const request = { recipe: name, trainingMode: "FULL", performHPO: false, solutionConfig: {} } as const;
  return await trainModel(group, request, { threads: 2, clock: CLOCK });
}

function metricsOf({ type, learner }: Recipe): readonly string[] {
  if (learner === "trending") return METRICS.trends;
  return type === "USER_SEGMENTATION" ? METRICS.USER_SEGMENTATION : METRICS.lists;
}
