import { createAnnouncement } from "./announcement.ts";
import { createClaimOutcomes, createClaims } from "./claim-resources.ts";
import { type Clock, systemClock } from "./clock.ts";
import { listResources } from "./list-resources.ts";
import { patchAssignments, patchValues, type ResourceRow, resourceColumns, toResource } from "./resource-table.ts";
import type { NewResource, Owner, Resource, ResourcePatch, Resources } from "./resources.ts";
import type { Sql, SqlConnection } from "./sql.ts";
import { StoreError } from "./store-error.ts";

const ofType = `select ${resourceColumns} from resource where account_id = $1 and region = $2 and type = $3`;
const find = { name: "resource-find", text: `${ofType} and name = $4` };
/**
 * SageMaker keeps the case of a name and compares names without it (CreateEndpoint, "EndpointName"): its ARNs are lower-cased, and people cut names out
 * of ARNs.
 */
const findWithoutCase = {
  name: "resource-find-without-case",
  text: `${ofType} and lower(name) = lower($4) and type like 'sagemaker/%'`,
};

/** The generic resource table. Times are the clock's, so processes that share a server need clocks that agree within a lease. */
export function createResources({
  sql,
  clock = systemClock,
  place = sql.instance,
}: {
  readonly sql: Sql;
  readonly clock?: Clock;
  /** Of the home whose Rondo this is; see `notePlace`. Default: one that nobody else has. */
  readonly place?: string;
}): Resources {
  const due = createAnnouncement<null>(sql, "resource_due");

  async function findOne<Body extends object>(
    connection: SqlConnection,
    owner: Owner & { readonly type: string; readonly name: string },
    lock: boolean,
  ): Promise<Resource<Body> | undefined> {
    const values = [owner.accountId, owner.region, owner.type, owner.name];
    const { name, text } = owner.type.startsWith("sagemaker/") ? findWithoutCase : find;
    const [row] = lock
      ? await connection.query<ResourceRow>(`${text} for update`, values, { name: `${name}-for-update` })
      : await connection.query<ResourceRow>(text, values, { name });
    return row === undefined ? undefined : toResource<Body>(row);
  }

  return {
    place,
    async insert<Body extends object>(resource: NewResource<Body>, connection: SqlConnection = sql) {
      const now = clock.now();
      const dueAt = resource.due === "now" ? now : (resource.due ?? null);
      const { type, accountId, region, name, arn, status, body } = resource;
      const [row] = await connection.query<ResourceRow>(
        `insert into resource (type, account_id, region, name, arn, status, body, created_at, updated_at, due)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) on conflict do nothing returning ${resourceColumns}`,
        [type, accountId, region, name, arn, status, JSON.stringify(body), now, dueAt],
        { name: "resource-insert" },
      );
      if (row === undefined)
        throw new StoreError("AlreadyExists", `${type} ${name} exists already`, { type, name, arn });
      if (dueAt !== null) await due.announce(connection, null);
      return toResource<Body>(row);
    },
    find: (owner, type, name, connection = sql) => findOne(connection, { ...owner, type, name }, false),
    findForUpdate: (owner, type, name, connection) => findOne(connection, { ...owner, type, name }, true),
    async update<Body extends object>(
      resource: Resource<Body>,
      patch: ResourcePatch<Body>,
      connection: SqlConnection = sql,
    ) {
      const [row] = await connection.query<ResourceRow>(
        `update resource set ${patchAssignments} where id = $8 and version = $9 returning ${resourceColumns}`,
        [...patchValues(patch, clock.now(), place), resource.id, resource.version],
        { name: "resource-update" },
      );
      if (row === undefined) {
        throw new StoreError("Conflict", `${resource.type} ${resource.name} was changed or deleted meanwhile`, {
          type: resource.type,
          name: resource.name,
        });
      }
      if (row.due !== null) await due.announce(connection, null);
      return toResource<Body>(row);
    },
    async delete(resource, connection = sql) {
      await connection.query("delete from resource where id = $1", [resource.id], { name: "resource-delete" });
    },
    list: (query) => listResources(sql, query),
    ...createClaims({ sql, clock, place }),
    ...createClaimOutcomes({ sql, clock, place }, () => due.announce(sql, null)),
    onDue: (listener) => due.listen(listener),
  };
}
