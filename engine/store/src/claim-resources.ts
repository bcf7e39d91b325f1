import { randomUUID } from "node:crypto";
import { createAnnouncement } from "./announcement.ts";
import type { Clock } from "./clock.ts";
import { PLACE_SILENCE_MS } from "./places.ts";
import {
  claimedColumns,
  patchAssignments,
  patchValues,
  type ResourceRow,
  toClaimedResource,
} from "./resource-table.ts";
import type { ClaimedResource, Resources, RestingResource } from "./resources.ts";
import type { Sql } from "./sql.ts";

export interface ClaimDependencies {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly place: string;
}

const after = (clock: Clock, milliseconds: number): Date => new Date(clock.now().getTime() + milliseconds);

/** The condition for rows that lie nowhere in particular, here, or with a Rondo that is gone. */
function isOurs(place: string, silentSince: string): string {
  return `(resource.place is null or resource.place = ${place}
    or not exists (select from place where place.id = resource.place and place.seen_at > ${silentSince}))`;
}

/** Taking rows to work on: the part of `Resources` that finds them. */
export function createClaims({
  sql,
  clock,
  place,
}: ClaimDependencies): Pick<Resources, "claimDue" | "releaseDead" | "nextDue"> {
  const silentSince = () => after(clock, -PLACE_SILENCE_MS);
  return {
    async claimDue({ types, limit, leaseMs }) {
      const rows = await sql.query<ResourceRow>(
        `update resource set lease = $4 || '/' || id || '/' || $5::text, lease_until = $6
         where id in (
           select id from resource
           where due is not null and due <= $1 and type = any($2) and (lease_until is null or lease_until <= $1)
             and ${isOurs("$7", "$8")}
           order by due, id limit $3 for update skip locked
         ) returning ${claimedColumns}`,
        [clock.now(), types, limit, sql.instance, randomUUID(), after(clock, leaseMs), place, silentSince()],
        { name: "resource-claim" },
      );
      return rows.map((row) => toClaimedResource(row)).toSorted((a, b) => Number(a.due) - Number(b.due) || a.id - b.id);
    },
    async releaseDead() {
      if (sql.home === "server") return 0;
      const rows = await sql.query(
        `update resource set lease = null, lease_until = null
         where lease_until is not null and not starts_with(lease, $1) returning id`,
        [`${sql.instance}/`],
      );
      return rows.length;
    },
    async nextDue(types) {
      const [row] = await sql.query<{ next: Date | null }>(
        `select least(
           (select due from resource
            where due is not null and type = any($1) and (lease_until is null or lease_until <= $2)
              and ${isOurs("$3", "$4")} order by due, id limit 1),
           (select min(lease_until) from resource
            where lease_until > $2 and due is not null and type = any($1) and ${isOurs("$3", "$4")})
         ) as next`,
        [types, clock.now(), place, silentSince()],
        { name: "resource-next-due" },
      );
      return row?.next ?? undefined;
    },
  };
}

/** Keeping and ending claims: the part of `Resources` that needs one. `wake` is told of rows that became claimable. */
export function createClaimOutcomes(
  { sql, clock, place }: ClaimDependencies,
  wake: () => Promise<void>,
): Pick<Resources, "renew" | "save" | "settle" | "release" | "onRest"> {
  const rest = createAnnouncement<RestingResource>(sql, "resource_rest");
  return {
    async renew(claimed, leaseMs) {
      const rows = await sql.query(
        "update resource set lease_until = $4 where id = $1 and version = $2 and lease = $3 returning id",
        [claimed.id, claimed.version, claimed.lease, after(clock, leaseMs)],
        { name: "resource-renew" },
      );
      return rows.length > 0;
    },
    async save(claimed, patch, connection = sql) {
      const rows = await connection.query<ResourceRow>(
        `update resource set ${patchAssignments} where id = $8 and version = $9 and lease = $10 returning ${claimedColumns}`,
        [...patchValues(patch, clock.now(), place), claimed.id, claimed.version, claimed.lease],
        { name: "resource-save" },
      );
      return rows[0] === undefined ? undefined : toClaimedResource(rows[0]);
    },
    async settle(claimed, patch) {
      const rows = await sql.query<{ due: Date | null }>(
        `update resource set ${patchAssignments}, attempts = $11, reason = $12, lease = null, lease_until = null
         where id = $8 and version = $9 and lease = $10 returning due`,
        [
          ...patchValues({ ...patch, due: patch.due ?? null }, clock.now(), place),
          claimed.id,
          claimed.version,
          claimed.lease,
          patch.attempts,
          patch.reason,
        ],
        { name: "resource-settle" },
      );
      const [row] = rows;
      if (row === undefined) return false;
      if (row.due !== null) await wake();
      else await rest.announce(sql, restingOf(claimed));
      return true;
    },
    onRest(listener) {
      return rest.listen((resource) => {
        if (resource !== undefined) listener(resource);
      });
    },
    async release(claimed: ClaimedResource) {
      const rows = await sql.query(
        "update resource set lease = null, lease_until = null where id = $1 and lease = $2 returning id",
        [claimed.id, claimed.lease],
        { name: "resource-release" },
      );
      if (rows.length > 0) await wake();
    },
  };
}

function restingOf({ accountId, region, type, name }: RestingResource): RestingResource {
  return { accountId, region, type, name };
}
