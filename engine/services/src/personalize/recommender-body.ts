import type {
  RecommenderConfig,
  Recommender as RecommenderDescription,
  RecommenderUpdateSummary,
} from "@aws-sdk/client-personalize";
import type { Resource } from "@rondo/store";
import type { LiveVersion } from "./live-version.ts";

/** A recommender as DescribeRecommender shows it, less what stands in the row's own columns. Its status is Personalize's. */
export interface RecommenderBody {
  readonly datasetGroupArn: string;
  readonly recipeArn: string;
  readonly recommenderConfig: RecommenderConfig;
  /** What answers; absent from one that is not ACTIVE. */
  readonly live?: LiveVersion;
  /** What an INACTIVE one will answer with when it is started. */
  readonly paused?: LiveVersion;
  /** When the training of that began, in ISO form. */
  readonly trainedAt?: string;
  /** The name of the row of a training that goes on. */
  readonly training?: string;
  readonly modelMetrics?: Readonly<Record<string, number>>;
  /** The newest update; its status says whether it is still to be done. */
  readonly update?: RecommenderUpdate;
  readonly failureReason?: string;
}

export interface RecommenderUpdate {
  readonly recommenderConfig: RecommenderConfig;
  readonly status: "CREATE PENDING" | "CREATE IN_PROGRESS" | "ACTIVE" | "CREATE FAILED";
  readonly failureReason?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Recommender = Resource<RecommenderBody>;

/** A recommender as DescribeRecommender shows it: while it is updated, as it was before. */
export function describeRecommender(recommender: Recommender): RecommenderDescription {
  const { update, modelMetrics, failureReason } = recommender.body;
  return {
    ...summarizeRecommender(recommender),
    failureReason,
    latestRecommenderUpdate: update === undefined ? undefined : summarizeUpdate(update),
    modelMetrics: modelMetrics === undefined ? undefined : { ...modelMetrics },
  };
}

export function summarizeRecommender({ name, arn, status, createdAt, updatedAt, body }: Recommender) {
  const { datasetGroupArn, recipeArn, recommenderConfig } = body;
  const dates = { creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
  return { name, recommenderArn: arn, datasetGroupArn, recipeArn, recommenderConfig, status, ...dates };
}

function summarizeUpdate({ createdAt, updatedAt, ...update }: RecommenderUpdate): RecommenderUpdateSummary {
  return { ...update, creationDateTime: new Date(createdAt), lastUpdatedDateTime: new Date(updatedAt) };
}
