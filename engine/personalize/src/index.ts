export { AnsweringError } from "./answering/answering-error.ts";
export { type AnsweringModel, openAnsweringModel } from "./answering/answering-model.ts";
export { openBatchInference } from "./answering/batch-inference.ts";
export { BATCH_FOLDERS, type BatchRequest } from "./answering/batch-request.ts";
export { openBatchSegments } from "./answering/batch-segments.ts";
export type { Catalogue } from "./answering/catalogue.ts";
export { DEFAULT_EXPLORATION, type ExplorationSettings } from "./answering/exploration.ts";
export { FilterCache } from "./answering/filter-cache.ts";
export { LiveDatasetGroup, type LiveRecord } from "./answering/live-dataset-group.ts";
export { openRecommender, type RecommenderOptions, readExploration } from "./answering/open-recommender.ts";
export { readLiveRecords } from "./answering/read-live-records.ts";
export type {
  Contribution,
  LiveEvent,
  LiveRecords,
  Promotion,
  RankingRequest,
  Recommendation,
  RecommendationRequest,
  RecommendedItem,
  Recommender,
} from "./answering/recommender.ts";
export { groupsAtOnce } from "./answering/user-affinities.ts";
export { bindFilter, type FilterValues } from "./filters/bind-filter.ts";
export { checkFilter, type DatasetSchemas } from "./filters/check-filter.ts";
export { describeFilter, type FilterDescription } from "./filters/describe-filter.ts";
export {
  type FilterAnswer,
  type FilteredCatalogue,
  type FilteredEvent,
  type FilteredUser,
  NOBODY,
} from "./filters/filter.ts";
export { FilterError } from "./filters/filter-error.ts";
export type { BoundFilter, FilterSubject, ParsedFilter } from "./filters/filter-expression.ts";
export { openFilter } from "./filters/open-filter.ts";
export { FILTER_FIELDS, FILTER_FIELDS_OF_GROUP, parseFilter } from "./filters/parse-filter.ts";
export type { BlendPlan, BlendValidation, WeighedChoice } from "./model/blend-plan.ts";
export { type EventSelection, type EventWeight, weighEvent } from "./model/event-selection.ts";
export { readModelDirectory, writeModelDirectory } from "./model/model-directory.ts";
export { type OpenedComponent, type OpenedScorer, openScorer } from "./model/open-scorer.ts";
export type { Entities, TrainedModel } from "./model/trained-model.ts";
export type {
  DataNeeds,
  LearnerName,
  Need,
  Recipe,
  RecipeParameter,
  RecipeType,
  RequestNeeds,
} from "./recipes/recipe.ts";
export { findRecipe, type RecipeName, recipes, replacedRecipes } from "./recipes/recipes.ts";
export { resolveRecipeParameters } from "./recipes/resolve-recipe-parameters.ts";
export {
  DATASET_FILES,
  DATASETS_FOLDER,
  findDatasetFiles,
  GROUP_FILE,
  segmentFile,
} from "./records/dataset-directory.ts";
export type { Dataset, DatasetGroupData } from "./records/dataset-group-data.ts";
export type { IngestionMode } from "./records/dataset-relation.ts";
export { type ErasedSegment, eraseUsers } from "./records/erase-users.ts";
export type { EventLine } from "./records/event-relation.ts";
export { exportCsv } from "./records/export-csv.ts";
export { importCsv } from "./records/import-csv.ts";
export { describeRefusals, type ImportReport } from "./records/import-report.ts";
export { readDatasetGroup } from "./records/read-dataset-group.ts";
export { type NumberQuery, readNumbers } from "./records/read-numbers.ts";
export type { Column, NumberColumn, Records, TextColumn } from "./records/records.ts";
export {
  DATASET_TYPES,
  type DatasetSchema,
  type DatasetType,
  DOMAINS,
  type Domain,
  type FieldType,
  type SchemaField,
} from "./schema/dataset-schema.ts";
export { parseSchema } from "./schema/parse-schema.ts";
export { SchemaError } from "./schema/schema-error.ts";
export { type TrainedSolution, type TrainingContext, trainModel } from "./training/train-model.ts";
export type { TrainingConfig, TrainingReport, TrainingRequest, TuningConfig } from "./training/training-request.ts";
