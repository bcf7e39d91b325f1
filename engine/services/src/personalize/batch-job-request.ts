import type { CreateBatchInferenceJobRequest, CreateBatchSegmentJobRequest } from "@aws-sdk/client-personalize";
import { parseFilter, type Recipe } from "@rondo/personalize";
import type { Resource } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { refuseBeyond } from "./account-limit.ts";
import type { BatchJobBody, BatchJobType } from "./batch-job-body.ts";
import type { FilterBody } from "./filter.ts";
import { newPersonalizeJob } from "./personalize-job.ts";
import {
  insertPersonalize,
  type NewPersonalizeResource,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { requireRecipe } from "./recipe.ts";
import { RUNNING_STATUSES } from "./resource-use.ts";
import { requireS3Location } from "./s3-source.ts";
import type { SolutionVersion } from "./solution-body.ts";
import { requireTrainedVersion } from "./trained-version.ts";

export interface BatchJobDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
  /** Makes what distinguishes a job from an earlier one of the same name. Default: random. */
  readonly createId?: () => string;
}

/** What one kind of batch job allows. */
interface BatchJobRules {
  /** What is filtered, and what AWS calls it. */
  readonly subject: "ItemID" | "UserID";
  /** Of each line, as AWS allows. */
  readonly maxResults: number;
  readonly takes: (recipe: Recipe) => boolean;
}

const RULES: Readonly<Record<BatchJobType, BatchJobRules>> = {
  "batch-inference-job": { subject: "ItemID", maxResults: 500, takes: ({ hasBatchInference }) => hasBatchInference },
  "batch-segment-job": {
    subject: "UserID",
    maxResults: 5_000_000,
    takes: ({ type }) => type === "USER_SEGMENTATION",
  },
};

/** AWS's: jobs of a kind that have not ended, of an account and region. */
const MAX_RUNNING = 5;
/** AWS's, where numResults is missing. */
const DEFAULT_RESULTS = 25;

/** The row of a batch job that begins now. Throws what is wrong with the request. */
export async function newBatchJob(
  dependencies: BatchJobDependencies,
  caller: Caller,
  type: BatchJobType,
  input: CreateBatchInferenceJobRequest | CreateBatchSegmentJobRequest,
): Promise<NewPersonalizeResource<BatchJobBody>> {
  const { jobName: name = "", solutionVersionArn = "", numResults = DEFAULT_RESULTS, filterArn, tags } = input;
  const rules = RULES[type];
  const version = await requireTrainedVersion(dependencies.resources, caller, solutionVersionArn);
  refuseRecipe(requireRecipe(version.body.recipeArn), type);
  if (numResults < 1 || numResults > rules.maxResults) {
    throw awsError("InvalidInputException", `numResults must be from 1 to ${rules.maxResults}, not ${numResults}.`);
  }
  if (filterArn !== undefined) await checkFilter(dependencies, caller, { filterArn, version, subject: rules.subject });
  const { s3DataSource } = input.jobInput ?? {};
  const { s3DataDestination } = input.jobOutput ?? {};
  const source = requireS3Location(s3DataSource?.path, "jobInput.s3DataSource.path");
  const destination = requireS3Location(s3DataDestination?.path, "jobOutput.s3DataDestination.path");
  const body: BatchJobBody = {
    ...newPersonalizeJob(name, caller, dependencies),
    solutionVersionArn: version.arn,
    datasetGroupArn: version.body.datasetGroupArn,
    modelUri: version.body.modelUri ?? "",
    filterArn,
    numResults,
    jobInput: { s3DataSource: { ...s3DataSource, path: source } },
    jobOutput: { s3DataDestination: { ...s3DataDestination, path: destination } },
    RoleArn: input.roleArn ?? "",
    ...("batchInferenceJobConfig" in input ? { batchInferenceJobConfig: input.batchInferenceJobConfig } : {}),
  };
  return { type, name, status: "InProgress", body, due: "now", tags };
}

/** Inserts the row of a batch job. Throws LimitExceededException while too many go on. */
export async function insertBatchJob(
  dependencies: BatchJobDependencies,
  caller: Caller,
  row: NewPersonalizeResource<BatchJobBody>,
): Promise<string> {
  return await dependencies.sql.transaction(async (transaction) => {
    await refuseBeyond(transaction, caller, { type: row.type, max: MAX_RUNNING, statuses: RUNNING_STATUSES });
    return (await insertPersonalize(dependencies, caller, row, transaction)).arn;
  });
}

function refuseRecipe(recipe: Recipe, type: BatchJobType): void {
  if (RULES[type].takes(recipe)) return;
  const noun = type.replaceAll("-", " ");
  throw awsError("InvalidInputException", `A ${noun} does not support solution versions of the recipe ${recipe.name}.`);
}

/** Throws InvalidInputException for a filter of another dataset group, or of another subject. */
async function checkFilter(
  { resources }: BatchJobDependencies,
  caller: Caller,
  {
    filterArn,
    version,
    subject,
  }: { readonly filterArn: string; readonly version: SolutionVersion; readonly subject: string },
): Promise<void> {
  const filter: Resource<FilterBody> = await requirePersonalize(resources, caller, { type: "filter", arn: filterArn });
  if (filter.body.datasetGroupArn !== version.body.datasetGroupArn) {
    throw awsError(
      "InvalidInputException",
      `The filter ${filterArn} is of another dataset group than the solution version.`,
    );
  }
  const parsed = parseFilter(filter.body.filterExpression);
  if (parsed.subject === subject) return;
  throw awsError(
    "InvalidInputException",
    `The filter ${filterArn} must be about ${subject}, not about ${parsed.subject}.`,
  );
}
