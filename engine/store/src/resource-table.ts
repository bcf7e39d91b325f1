import type { Generated, JSONColumnType } from "kysely";
import type { ClaimedResource, Resource, ResourcePatch } from "./resources.ts";

/** The table of migrations/0001-resources.sql. */
export interface ResourceTable {
  id: Generated<number>;
  type: string;
  account_id: string;
  region: string;
  name: string;
  arn: string;
  status: string;
  body: JSONColumnType<Record<string, unknown>>;
  created_at: Date;
  updated_at: Date;
  version: Generated<number>;
  due: Date | null;
  attempts: Generated<number>;
  reason: string | null;
  lease: string | null;
  lease_until: Date | null;
  place: string | null;
}

/** A row as it is read. */
export interface ResourceRow {
  readonly id: number;
  readonly type: string;
  readonly account_id: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly body: Record<string, unknown>;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
  readonly due: Date | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly place: string | null;
  readonly lease?: string | null;
}

export const resourceColumns =
  "id, type, account_id, region, name, arn, status, body, created_at, updated_at, version, due, attempts, reason, place";

/** With the lease, which only a claim has. */
export const claimedColumns = `${resourceColumns}, lease`;

export function toResource<Body extends object>(row: ResourceRow): Resource<Body> {
  return {
    id: row.id,
    type: row.type,
    accountId: row.account_id,
    region: row.region,
    name: row.name,
    arn: row.arn,
    status: row.status,
    body: row.body as Body,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    due: row.due,
    attempts: row.attempts,
    reason: row.reason,
    place: row.place,
  };
}

export function toClaimedResource(row: ResourceRow): ClaimedResource {
  return { ...toResource<Record<string, unknown>>(row), lease: row.lease ?? "" };
}

/**
 * Parameters 1 to 7 of the statements that write a patch: status, body, whether due is set, due, now, whether the place is set, place; null leaves a
 * status and a body as they are.
 */
export function patchValues(patch: ResourcePatch<object>, now: Date, here: string): unknown[] {
  return [
    patch.status ?? null,
    patch.body === undefined ? null : JSON.stringify(patch.body),
    patch.due !== undefined,
    patch.due === "now" ? now : (patch.due ?? null),
    now,
    patch.place !== undefined,
    patch.place === "here" ? here : null,
  ];
}

/** When a row is looked at again is no change of the resource: it leaves `updated_at`, which people see as LastModifiedTime. */
export const patchAssignments = `status = coalesce($1::text, status), body = coalesce($2::jsonb, body),
  due = case when $3::boolean then $4::timestamptz else due end,
  place = case when $6::boolean then $7::text else place end,
  updated_at = case when $1::text is null and $2::jsonb is null then updated_at else $5::timestamptz end, version = version + 1`;
