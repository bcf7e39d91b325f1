import type { ResourceKind } from "@rondo/control";
import { personalizeCommand, writePersonalizeConfiguration } from "@rondo/images";
import type { BatchRequest, TrainingRequest } from "@rondo/personalize";
import type { DatasetRecords, Sql } from "@rondo/store";
import type { JobKindDependencies } from "../jobs/job-definition.ts";
import { createBatchJobKind } from "./batch-job-kind.ts";
import { createCampaignKind } from "./campaign-kind.ts";
import type { ModelPreparation } from "./live-version.ts";
import { createRecommenderKind } from "./recommender-kind.ts";
import { createSolutionKind } from "./solution-kind.ts";
import { createPersonalizeStorage } from "./storage.ts";
import { createTrainingKind } from "./training-kind.ts";

export interface ModelKindsDependencies extends JobKindDependencies {
  readonly sql: Sql;
  readonly datasetRecords: DatasetRecords;
  /** What answers. */
  readonly campaigns: ModelPreparation;
}

/** Everything around Personalize's models that changes by itself: what trains, what answers, and the jobs that answer many at once. */
export function createModelKinds({
  datasetRecords,
  campaigns,
  ...house
}: ModelKindsDependencies): ResourceKind<object>[] {
  const storage = createPersonalizeStorage(house);
  const dependencies = { ...house, records: datasetRecords, storage, models: campaigns };
  const training = {
    ...dependencies,
    program: {
      command: personalizeCommand("train"),
      configure: async (directory: string, request: TrainingRequest) =>
        await writePersonalizeConfiguration(directory, "train", request),
    },
  };
  const batch = {
    ...dependencies,
    program: {
      command: personalizeCommand("batch"),
      configure: async (directory: string, request: BatchRequest) =>
        await writePersonalizeConfiguration(directory, "batch", request),
    },
  };
  return [
    createSolutionKind(dependencies) as ResourceKind<object>,
    createTrainingKind(training, "solution-version") as ResourceKind<object>,
    createTrainingKind(training, "recommender-training") as ResourceKind<object>,
    createCampaignKind(dependencies) as ResourceKind<object>,
    createRecommenderKind(dependencies) as ResourceKind<object>,
    createBatchJobKind(batch, "batch-inference-job") as ResourceKind<object>,
    createBatchJobKind(batch, "batch-segment-job") as ResourceKind<object>,
  ];
}
