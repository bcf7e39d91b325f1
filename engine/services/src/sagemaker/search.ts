import { createHash } from "node:crypto";
import type { SearchRecord, SearchRequest, SearchResponse, Tag } from "@aws-sdk/client-sagemaker";
import type { Resource, Resources, Sql } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { readPageToken, writePageToken } from "../page-token.ts";
import { checkExpression, matches } from "./search-expression.ts";
import { valuesAt } from "./search-property.ts";
import { type SearchableResource, searchableProperties, searchableResources } from "./search-resources.ts";

const DEFAULT_PAGE = 10;
/** Rows that are looked at together. */
const SCAN_PAGE = 100;

/** Where a resource stands in the order asked for: its sort value, what has none coming last, then its row. */
interface Position {
  readonly value: string | number | null;
  readonly id: number;
}

interface Hit extends Position {
  readonly record: SearchRecord;
}

interface TokenState extends Position {
  readonly query: string;
}

/** Search: looks at every resource of the kind, page by page, and keeps no more of them than one page of results. */
export function createSearchOperations({ sql, resources }: { readonly sql: Sql; readonly resources: Resources }) {
  async function search(input: SearchRequest, caller: Caller): Promise<SearchResponse> {
    checkExpression(input.SearchExpression);
    if (input.VisibilityConditions !== undefined) {
      throw awsError("ValidationException", "VisibilityConditions cannot be honoured yet.");
    }
    const searchable = input.Resource === undefined ? undefined : searchableResources[input.Resource];
    const after = readToken(input);
    // Of a resource that cannot be created here there is none, and nothing is shared between accounts.
    if (searchable === undefined || input.CrossAccountFilterOption === "CrossAccount") return { Results: [] };
    const limit = input.MaxResults ?? DEFAULT_PAGE;
    const order = comparator(input);
    let hits: Hit[] = [];
    let total = 0;
    for await (const hit of findAll(searchable, input, caller)) {
      total += 1;
      if (after === undefined || order(hit, after) > 0) hits.push(hit);
      if (hits.length > 2 * SCAN_PAGE + limit) hits = hits.toSorted(order).slice(0, limit + 1);
    }
    hits = hits.toSorted(order);
    const page = hits.slice(0, limit);
    const last = page.at(-1);
    return {
      Results: page.map(({ record }) => record),
      TotalHits: { Value: total, Relation: "EqualTo" },
      ...(hits.length > limit && last !== undefined ? { NextToken: writeToken(input, last) } : {}),
    };
  }

  async function* findAll(searchable: SearchableResource, input: SearchRequest, { accountId, region }: Caller) {
    const query = { accountId, region, type: searchable.type, limit: SCAN_PAGE };
    let nextToken: string | undefined;
    do {
      const page = await resources.list({ ...query, nextToken });
      const tags = await readTagsOf(page.resources);
      for (const row of page.resources) {
        const record = searchable.read(row, tags.get(row.id) ?? []);
        const properties = searchableProperties(row, record);
        if (!matches(properties, input.SearchExpression)) continue;
        const value = sortValue(valuesAt(properties, input.SortBy ?? "LastModifiedTime")[0]);
        yield { id: row.id, value, record };
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  async function readTagsOf(rows: readonly Resource<object>[]): Promise<ReadonlyMap<number, Tag[]>> {
    const found = await sql.query<{ id: number; key: string; value: string }>(
      `select resource_id as id, key, value from resource_tag where resource_id = any($1::bigint[]) order by key collate "C"`,
      [rows.map(({ id }) => id)],
    );
    const tags = new Map<number, Tag[]>();
    for (const { id, key, value } of found) tags.set(id, [...(tags.get(id) ?? []), { Key: key, Value: value }]);
    return tags;
  }

  return { search };
}

function comparator({ SortOrder }: SearchRequest): (a: Position, b: Position) => number {
  const sign = SortOrder === "Ascending" ? 1 : -1;
  return (a, b) => {
    if ((a.value === null) !== (b.value === null)) return a.value === null ? 1 : -1;
    if (a.value === b.value || a.value === null || b.value === null) return sign * (a.id - b.id);
    return sign * (a.value < b.value ? -1 : 1);
  };
}

function sortValue(value: ReturnType<typeof valuesAt>[number] | undefined): string | number | null {
  if (value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" ? Number(value) : value;
}

/** A token goes on with the search that it came from and no other. */
function digestOf({ Resource, SearchExpression, SortBy, SortOrder }: SearchRequest): string {
  const query = JSON.stringify([Resource, SearchExpression, SortBy, SortOrder]);
  return createHash("sha256").update(query).digest("base64url").slice(0, 16);
}

function writeToken(input: SearchRequest, { value, id }: Position): string {
  return writePageToken({ value, id, query: digestOf(input) } satisfies TokenState);
}

function readToken(input: SearchRequest): Position | undefined {
  const query = digestOf(input);
  return readPageToken<TokenState>(
    input.NextToken,
    (state): state is TokenState =>
      state.query === query &&
      typeof state.id === "number" &&
      (state.value === null || typeof state.value === "string" || typeof state.value === "number"),
    () => awsError("ValidationException", "The value of NextToken is not one that this search returned."),
  );
}

export const searchConstraints: Constraints = {
  "SearchRequest.SortBy": { min: 1, max: 255, pattern: ".+" },
  "SearchRequest.NextToken": { max: 8192, pattern: ".*" },
  "SearchRequest.MaxResults": { min: 1, max: 100 },
  "SearchExpression.Filters": { min: 1, max: 20 },
  "SearchExpression.NestedFilters": { min: 1, max: 20 },
  "SearchExpression.SubExpressions": { min: 1, max: 20 },
  "NestedFilters.NestedPropertyName": { min: 1, max: 255, pattern: ".+" },
  "NestedFilters.Filters": { min: 1, max: 20 },
  "Filter.Name": { min: 1, max: 255, pattern: ".+" },
  "Filter.Value": { min: 1, max: 1024, pattern: ".+" },
};

export const searchNotHonoured = {
  Search:
    "Finds training jobs, models, model packages and their groups, endpoints, pipelines and their executions (without PipelineExperimentConfig); of every other kind it finds none. Refused: VisibilityConditions. " +
    "A property that no resource has matches nothing, where AWS refuses it.",
} as const;
