import { createRequire } from "node:module";
import type { DatasetRecords, Objects } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createAlgorithmOperations } from "./algorithm.ts";
import { createBatchInferenceJobOperations } from "./batch-inference-job.ts";
import { createBatchSegmentJobOperations } from "./batch-segment-job.ts";
import { createCampaignOperations } from "./campaign.ts";
import { personalizeConstraints } from "./constraints.ts";
import { datasetOperations } from "./dataset-operations.ts";
import { createEventTrackerOperations } from "./event-tracker.ts";
import { createFilterOperations } from "./filter.ts";
import { createMetricAttributionOperations } from "./metric-attribution.ts";
import { createMetricAttributionMetricOperations } from "./metric-attribution-metrics.ts";
import { personalizeNotHonoured } from "./not-honoured.ts";
import type { PersonalizeStore } from "./personalize-resource.ts";
import { createRecipeOperations } from "./recipe.ts";
import { createRecommenderOperations } from "./recommender.ts";
import { createRecommenderChangeOperations } from "./recommender-change.ts";
import { createSolutionOperations } from "./solution.ts";
import { createSolutionVersionOperations } from "./solution-version.ts";
import { createPersonalizeTagOperations } from "./tags.ts";

const require = createRequire(import.meta.url);

/** What Personalize's operations need of the house. */
export interface PersonalizeDependencies extends PersonalizeStore {
  readonly objects: Objects;
  readonly datasetRecords: DatasetRecords;
  readonly clock: { now(): Date };
}

/** Personalize's control plane: every operation of it that Rondo answers. */
export function createPersonalizeService(dependencies: PersonalizeDependencies): ServiceDefinition {
  const tags = createPersonalizeTagOperations(dependencies);
  const campaigns = createCampaignOperations(dependencies);
  const filters = createFilterOperations(dependencies);
  const batchInferences = createBatchInferenceJobOperations(dependencies);
  const batchSegments = createBatchSegmentJobOperations(dependencies);
  const trackers = createEventTrackerOperations(dependencies);
  return {
    id: "personalize",
    signingName: "personalize",
    targetPrefix: "AmazonPersonalize",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-personalize") as SdkModule,
    client: "PersonalizeClient",
    operations: {
      TagResource: tags.tagResource,
      UntagResource: tags.untagResource,
      ListTagsForResource: tags.listTagsForResource,
      ...datasetOperations(dependencies),
      ...trainingOperations(dependencies),
      CreateCampaign: campaigns.createCampaign,
      DescribeCampaign: campaigns.describeCampaign,
      ListCampaigns: campaigns.listCampaigns,
      UpdateCampaign: campaigns.updateCampaign,
      DeleteCampaign: campaigns.deleteCampaign,
      ...recommenderOperations(dependencies),
      ...attributionOperations(dependencies),
      CreateFilter: filters.createFilter,
      DescribeFilter: filters.describeFilter,
      ListFilters: filters.listFilters,
      DeleteFilter: filters.deleteFilter,
      CreateBatchInferenceJob: batchInferences.createBatchInferenceJob,
      DescribeBatchInferenceJob: batchInferences.describeBatchInferenceJob,
      ListBatchInferenceJobs: batchInferences.listBatchInferenceJobs,
      CreateBatchSegmentJob: batchSegments.createBatchSegmentJob,
      DescribeBatchSegmentJob: batchSegments.describeBatchSegmentJob,
      ListBatchSegmentJobs: batchSegments.listBatchSegmentJobs,
      CreateEventTracker: trackers.createEventTracker,
      DescribeEventTracker: trackers.describeEventTracker,
      ListEventTrackers: trackers.listEventTrackers,
      DeleteEventTracker: trackers.deleteEventTracker,
    },
    constraints: personalizeConstraints,
    validationErrorCode: "InvalidInputException",
    notHonoured: personalizeNotHonoured,
  };
}

/** From what comes with the service to a trained model. */
function trainingOperations(dependencies: PersonalizeDependencies) {
  const recipes = createRecipeOperations();
  const algorithms = createAlgorithmOperations();
  const solutions = createSolutionOperations(dependencies);
  const versions = createSolutionVersionOperations(dependencies);
  return {
    ListRecipes: recipes.listRecipes,
    DescribeRecipe: recipes.describeRecipe,
    DescribeAlgorithm: algorithms.describeAlgorithm,
    DescribeFeatureTransformation: algorithms.describeFeatureTransformation,
    CreateSolution: solutions.createSolution,
    DescribeSolution: solutions.describeSolution,
    ListSolutions: solutions.listSolutions,
    UpdateSolution: solutions.updateSolution,
    DeleteSolution: solutions.deleteSolution,
    CreateSolutionVersion: versions.createSolutionVersion,
    DescribeSolutionVersion: versions.describeSolutionVersion,
    ListSolutionVersions: versions.listSolutionVersions,
    StopSolutionVersionCreation: versions.stopSolutionVersionCreation,
    GetSolutionMetrics: versions.getSolutionMetrics,
  };
}

/** The use cases of domain dataset groups: what trains and answers in one. */
function recommenderOperations(dependencies: PersonalizeDependencies) {
  const recommenders = createRecommenderOperations(dependencies);
  const changes = createRecommenderChangeOperations(dependencies);
  return {
    CreateRecommender: recommenders.createRecommender,
    DescribeRecommender: recommenders.describeRecommender,
    ListRecommenders: recommenders.listRecommenders,
    UpdateRecommender: changes.updateRecommender,
    StartRecommender: changes.startRecommender,
    StopRecommender: changes.stopRecommender,
    DeleteRecommender: changes.deleteRecommender,
  };
}

function attributionOperations(dependencies: PersonalizeDependencies) {
  const attributions = createMetricAttributionOperations(dependencies);
  const metrics = createMetricAttributionMetricOperations(dependencies);
  return {
    CreateMetricAttribution: attributions.createMetricAttribution,
    DescribeMetricAttribution: attributions.describeMetricAttribution,
    ListMetricAttributions: attributions.listMetricAttributions,
    ListMetricAttributionMetrics: metrics.listMetricAttributionMetrics,
    UpdateMetricAttribution: metrics.updateMetricAttribution,
    DeleteMetricAttribution: attributions.deleteMetricAttribution,
  };
}
