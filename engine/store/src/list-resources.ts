import { sql as fragment } from "kysely";
import { type ResourceRow, toResource } from "./resource-table.ts";
import { decodeToken, encodeToken } from "./resource-token.ts";
import type { Resource, ResourcePage, ResourceQuery } from "./resources.ts";
import type { SqlConnection } from "./sql.ts";

const sortColumns = { name: "name", createdAt: "created_at", updatedAt: "updated_at", status: "status" } as const;

function positionValue(resource: Resource<object>, sortBy: keyof typeof sortColumns): string {
  const value = resource[sortBy];
  return value instanceof Date ? value.toISOString() : value;
}

/** `%` and `_` in a name are themselves. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** Names are in the order of their bytes, so a prefix is a range of the key's index. */
const lastCharacter = "\u{10FFFF}";

/** One page of a listing, in a stable order: pages continue after a position, so rows that come and go shift nothing. */
export async function listResources<Body extends object>(
  connection: SqlConnection,
  query: ResourceQuery,
): Promise<ResourcePage<Body>> {
  const { sortBy = "createdAt", sortOrder = "ascending" } = query;
  const column = sortColumns[sortBy];
  const direction = sortOrder === "ascending" ? "asc" : "desc";
  let select = connection.kysely
    .selectFrom("resource")
    .selectAll()
    .where("account_id", "=", query.accountId)
    .where("region", "=", query.region)
    .where("type", "=", query.type);
  if (query.status !== undefined) select = select.where("status", "=", query.status);
  if (query.arn !== undefined) select = select.where("arn", "=", query.arn);
  if (query.bodyContains !== undefined) {
    select = select.where(fragment<boolean>`body @> ${JSON.stringify(query.bodyContains)}::jsonb`);
  }
  if (query.nameContains !== undefined) select = select.where("name", "like", `%${escapeLike(query.nameContains)}%`);
  if (query.namePrefix !== undefined) {
    select = select.where("name", ">=", query.namePrefix).where("name", "<=", `${query.namePrefix}${lastCharacter}`);
  }
  if (query.createdAfter !== undefined) select = select.where("created_at", ">", query.createdAfter);
  if (query.createdBefore !== undefined) select = select.where("created_at", "<", query.createdBefore);
  if (query.updatedAfter !== undefined) select = select.where("updated_at", ">", query.updatedAfter);
  if (query.updatedBefore !== undefined) select = select.where("updated_at", "<", query.updatedBefore);
  if (query.nextToken !== undefined) {
    const { value, id } = decodeToken(query.nextToken, query);
    const typed = column.endsWith("_at") ? fragment`${value}::timestamptz` : fragment`${value}`;
    const comparison = fragment.raw(direction === "asc" ? ">" : "<");
    select = select.where(fragment<boolean>`(${fragment.ref(column)}, id) ${comparison} (${typed}, ${id})`);
  }
  const rows = (await select
    .orderBy(column, direction)
    .orderBy("id", direction)
    .limit(query.limit + 1)
    .execute()) as ResourceRow[];
  const resources: Resource<Body>[] = rows.slice(0, query.limit).map((row) => toResource<Body>(row));
  const last = resources.at(-1);
  if (rows.length <= query.limit || last === undefined) return { resources };
  return { resources, nextToken: encodeToken({ value: positionValue(last, sortBy), id: last.id }, query) };
}
