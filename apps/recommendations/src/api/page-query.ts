import { numberParameter, readNumber } from "../web/query-number.ts";
import type { PageOf } from "./shop-queries.ts";

/** The schema of the query of a list that is ordered by id. */
export const PAGE_QUERY = {
  type: "object",
  additionalProperties: false,
  properties: {
    search: { type: "string", maxLength: 100, description: "Part of a name or an id" },
    after: { type: "string", maxLength: 255, description: "Id of the last row of the page before" },
    limit: numberParameter("1 to 1000; default 50"),
  },
} as const;

export interface PageQuery {
  readonly search?: string;
  readonly after?: string;
  readonly limit?: string;
}

/** Reads the query of a list. Throws HttpError 400. */
export function readPage({ search, after, limit }: PageQuery): PageOf {
  return { search, after, limit: readNumber(["limit", limit], 50, { least: 1, most: 1_000, isWhole: true }) };
}

/** The schema of an answer with one list. */
export function listOf<const Name extends string>(name: Name, items: object) {
  return { type: "object", required: [name], properties: { [name]: { type: "array", items } } };
}
