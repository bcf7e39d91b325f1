import type {
  CreateFilterRequest,
  CreateFilterResponse,
  DeleteFilterRequest,
  DescribeFilterRequest,
  DescribeFilterResponse,
  FilterSummary,
  ListFiltersRequest,
  ListFiltersResponse,
} from "@aws-sdk/client-personalize";
import {
  checkFilter,
  describeFilter as describeParsed,
  FILTER_FIELDS_OF_GROUP,
  FilterError,
  type ParsedFilter,
  parseFilter,
} from "@rondo/personalize";
import type { Owner, Resource, Resources } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { requireActiveGroup } from "./active-group.ts";
import { listDatasetsOf } from "./dataset-body.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  personalizeArn,
  requirePersonalize,
} from "./personalize-resource.ts";

/** A filter as DescribeFilter shows it, less what stands in the row's own columns. The expression has been checked. */
export interface FilterBody {
  readonly datasetGroupArn: string;
  readonly filterExpression: string;
}

/** CreateFilter, DescribeFilter, ListFilters and DeleteFilter. */
export function createFilterOperations(dependencies: PersonalizeStore) {
  const { resources } = dependencies;
  const find = (caller: Caller, arn: string | undefined) =>
    requirePersonalize<FilterBody>(resources, caller, { type: "filter", arn });

  async function createFilter(input: CreateFilterRequest, caller: Caller): Promise<CreateFilterResponse> {
    const { name = "", datasetGroupArn = "", filterExpression = "" } = input;
    await requireActiveGroup(resources, caller, datasetGroupArn);
    await checkExpression(resources, caller, { datasetGroupArn, filterExpression });
    const body: FilterBody = { datasetGroupArn, filterExpression };
    const filter = { type: "filter", name, status: "ACTIVE", body, tags: input.tags } as const;
    await insertPersonalize(dependencies, caller, filter);
    return { filterArn: personalizeArn(caller, "filter", name) };
  }

  async function describeFilter(input: DescribeFilterRequest, caller: Caller): Promise<DescribeFilterResponse> {
    const filter = await find(caller, input.filterArn);
    return { filter: { ...summarize(filter), filterExpression: filter.body.filterExpression } };
  }

  async function listFilters(input: ListFiltersRequest, caller: Caller): Promise<ListFiltersResponse> {
    const { datasetGroupArn } = input;
    const bodyContains = datasetGroupArn === undefined ? {} : { datasetGroupArn };
    const page = await listPersonalize<FilterBody>(resources, caller, "filter", { ...input, bodyContains });
    return { Filters: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function deleteFilter(input: DeleteFilterRequest, caller: Caller): Promise<void> {
    await resources.delete(await find(caller, input.filterArn));
  }

  return { createFilter, describeFilter, listFilters, deleteFilter };
}

/** Throws InvalidInputException with the place of what is wrong, LimitExceededException for too many fields of all the group's filters. */
async function checkExpression(
  resources: Resources,
  owner: Owner,
  { datasetGroupArn, filterExpression }: FilterBody,
): Promise<void> {
  const datasets = await listDatasetsOf(resources, owner, datasetGroupArn);
  const schemas = Object.fromEntries(datasets.map(({ body }) => [body.schema.type, body.schema]));
  const parsed = inAwsTerms(() => parseFilter(filterExpression));
  inAwsTerms(() => checkFilter(parsed, schemas));
  const fields = new Set([
    ...describeParsed(parsed).fields,
    ...(await fieldsOfGroup(resources, owner, datasetGroupArn)),
  ]);
  if (fields.size <= FILTER_FIELDS_OF_GROUP) return;
  throw awsError(
    "LimitExceededException",
    `With this one the filters of ${datasetGroupArn} would use ${fields.size} fields, and at most ${FILTER_FIELDS_OF_GROUP} are allowed.`,
  );
}

/** The fields that the filters of a dataset group use already. */
async function fieldsOfGroup(resources: Resources, owner: Owner, datasetGroupArn: string): Promise<readonly string[]> {
  const fields = new Set<string>();
  for (let nextToken: string | undefined; ; ) {
    const query = { bodyContains: { datasetGroupArn }, ...(nextToken === undefined ? {} : { nextToken }) };
    const page = await listPersonalize<FilterBody>(resources, owner, "filter", query);
    for (const { body } of page.resources) {
      for (const field of describeParsed(parseFilter(body.filterExpression)).fields) fields.add(field);
    }
    nextToken = page.nextToken;
    if (nextToken === undefined) return [...fields];
  }
}

function inAwsTerms<Result extends ParsedFilter | void>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw awsError("InvalidInputException", error.message);
  }
}

function summarize({ name, arn, status, createdAt, updatedAt, body }: Resource<FilterBody>): FilterSummary {
  const { datasetGroupArn } = body;
  const dates = { creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
  return { name, filterArn: arn, datasetGroupArn, status, ...dates };
}
