import { type Owner, type ResourcePage, type ResourceQuery, type Resources, StoreError } from "@rondo/store";
import { awsError } from "@rondo/wire";

/** What SageMaker's List operations have in common; each has some of these. */
export interface ListInput {
  readonly NameContains?: string;
  readonly StatusEquals?: string;
  readonly CreationTimeAfter?: Date;
  readonly CreationTimeBefore?: Date;
  readonly LastModifiedTimeAfter?: Date;
  readonly LastModifiedTimeBefore?: Date;
  readonly SortBy?: string;
  readonly SortOrder?: string;
  readonly namePrefix?: string;
  readonly bodyContains?: object;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** SageMaker's, where MaxResults is missing. */
const DEFAULT_PAGE = 10;

const SORT_KEYS: Readonly<Record<string, ResourceQuery["sortBy"]>> = {
  Name: "name",
  CreationTime: "createdAt",
  Status: "status",
};

/** One page of a SageMaker List operation: by CreationTime, the newest first, unless the request says otherwise. */
export async function listPage<Body extends object>(
  resources: Resources,
  { accountId, region }: Owner,
  type: string,
  input: ListInput,
): Promise<ResourcePage<Body>> {
  const query: ResourceQuery = {
    accountId,
    region,
    type,
    nameContains: input.NameContains,
    namePrefix: input.namePrefix,
    bodyContains: input.bodyContains,
    status: input.StatusEquals,
    createdAfter: input.CreationTimeAfter,
    createdBefore: input.CreationTimeBefore,
    updatedAfter: input.LastModifiedTimeAfter,
    updatedBefore: input.LastModifiedTimeBefore,
    sortBy: SORT_KEYS[input.SortBy ?? "CreationTime"] ?? "createdAt",
    sortOrder: input.SortOrder === "Ascending" ? "ascending" : "descending",
    limit: input.MaxResults ?? DEFAULT_PAGE,
    nextToken: input.NextToken,
  };
  try {
    return await resources.list<Body>(query);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "InvalidToken") throw error;
    throw awsError("ValidationException", "The value of NextToken is not one that a List operation returned.");
  }
}
