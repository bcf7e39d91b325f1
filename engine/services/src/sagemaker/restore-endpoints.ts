import { ENDPOINT_TYPE, type EndpointRef, type Serving } from "@rondo/serve";
import { type Resources, type Sql, StoreError } from "@rondo/store";

export interface RestoreDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly serving: Pick<Serving, "restore">;
}

const PAGE = 100;

/**
 * Loads every endpoint that was answering when the server ended, of all accounts and regions: called once at the start. One whose model cannot be
 * loaded any more is left to the control loop, which writes down why.
 */
export async function restoreEndpoints(dependencies: RestoreDependencies, signal: AbortSignal): Promise<void> {
  let after = 0;
  for (;;) {
    const rows = await dependencies.sql.query<EndpointRef & { readonly id: number }>(
      `select id, account_id as "accountId", region, name from resource
       where type = $1 and status <> all ($2) and body ? 'deployed' and id > $3 order by id limit $4`,
      [ENDPOINT_TYPE, ["Deleting", "Failed"], after, PAGE],
    );
    for (const row of rows) await restore(dependencies, row, signal);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}

async function restore(
  { resources, serving }: RestoreDependencies,
  endpoint: EndpointRef,
  signal: AbortSignal,
): Promise<void> {
  try {
    await serving.restore({ accountId: endpoint.accountId, region: endpoint.region, name: endpoint.name }, signal);
  } catch {
    signal.throwIfAborted();
    const row = await resources.find(endpoint, ENDPOINT_TYPE, endpoint.name);
    if (row === undefined) return;
    await resources.update(row, { due: "now" }).catch((error: unknown) => {
      // Somebody has changed the row meanwhile: then it is looked at anyway.
      if (!(error instanceof StoreError) || error.code !== "Conflict") throw error;
    });
  }
}
