import type { GetPersonalizedRankingRequest, GetRecommendationsRequest } from "@aws-sdk/client-personalize-runtime";

type Members = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** AWS's limits of the members; what is beyond them is for the schemas to refuse. */
const isId: Check = (value) => typeof value === "string" && value.length <= 256;
const isArn: Check = (value) => isId(value) && /^arn:[a-z\d-]+:personalize:.*:.*:.+$/.test(value as string);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isPercent: Check = (value) => isCount(value) && (value as number) >= 1 && (value as number) <= 100;
const isName: Check = (value) => typeof value === "string" && /^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,62}$/.test(value);
const isIdList: Check = (value) => Array.isArray(value) && value.every(isId);

function isMapOf(isValue: Check, most: number, longestKey: number): Check {
  return (value) => {
    if (!isMembers(value)) return false;
    const entries = Object.entries(value);
    const isKey = (key: string): boolean => key.length <= longestKey && /^\w+$/.test(key);
    return entries.length <= most && entries.every(([key, part]) => isKey(key) && isValue(part));
  };
}

const isText: Check = (value) => typeof value === "string" && value.length <= 1000;
const isFilterValues = isMapOf(isText, 25, 50);
const isContext = isMapOf(isText, 150, 150);
const isColumns: Check = (value) =>
  Array.isArray(value) && value.length <= 99 && value.every((column) => isText(column) && column.length <= 150);

const promotion: Readonly<Record<string, Check>> = {
  name: isName,
  percentPromotedItems: isPercent,
  filterArn: isArn,
  filterValues: isFilterValues,
};

const both: Readonly<Record<string, Check>> = {
  campaignArn: isArn,
  userId: isId,
  context: isContext,
  filterArn: isArn,
  filterValues: isFilterValues,
  metadataColumns: isMapOf(isColumns, Number.POSITIVE_INFINITY, 256),
};

const recommendations: Readonly<Record<string, Check>> = {
  ...both,
  recommenderArn: isArn,
  itemId: isId,
  numResults: isCount,
  promotions: (value) => Array.isArray(value) && value.length <= 1 && value.every((one) => hasOnly(one, promotion)),
};

const ranking: Readonly<Record<string, Check>> = { ...both, inputList: isIdList };

/** The input of GetRecommendations, when it is one that the schemas would let through as it is; undefined for everything else. */
export function plainRecommendationsRequest(body: unknown): GetRecommendationsRequest | undefined {
  return hasOnly(body, recommendations) ? (body as GetRecommendationsRequest) : undefined;
}

/** The same for GetPersonalizedRanking. */
export function plainRankingRequest(body: unknown): GetPersonalizedRankingRequest | undefined {
  if (!hasOnly(body, ranking)) return undefined;
  const { campaignArn, userId, inputList } = body;
  const isComplete = campaignArn !== undefined && userId !== undefined && inputList !== undefined;
  return isComplete ? (body as unknown as GetPersonalizedRankingRequest) : undefined;
}

function hasOnly(value: unknown, checks: Readonly<Record<string, Check>>): value is Members {
  if (!isMembers(value)) return false;
  return Object.entries(value).every(([name, part]) => Object.hasOwn(checks, name) && checks[name]?.(part) === true);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
