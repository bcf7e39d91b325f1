import { join } from "node:path";
import { findImage } from "@rondo/images";
import { createMetricMatcher, createProcessExecutor } from "@rondo/run";
import { Campaigns, createInProcessHosting, ModelCache, Serving } from "@rondo/serve";
import { INTERNAL_ACCOUNT } from "@rondo/services";
import {
  type Clock,
  createAccessKeys,
  createDatasetRecords,
  createItems,
  createLogs,
  createMetrics,
  createObjects,
  createResources,
  type Logger,
  type OpenSqlOptions,
  openBodies,
  openSql,
  type Sql,
} from "@rondo/store";
import type { Configuration } from "./configuration.ts";
import type { Home } from "./home.ts";
import { ensurePlace } from "./place.ts";
import type { Ports } from "./ports.ts";

export interface PortDependencies {
  readonly configuration: Configuration;
  readonly home: Home;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A database that is open already (tests); else the one that the configuration says is opened. */
  readonly sql?: Sql;
}

/** Opens the homes of state and makes what stands on them. `closePorts` is the way back. */
export async function openPorts({ configuration, home, clock, logger, sql: given }: PortDependencies): Promise<Ports> {
  const sql = given ?? (await openSql({ ...sqlOptions(configuration), logger }));
  try {
    const bodies = await openBodies({ location: configuration.objects, directory: home.objects });
    const objects = createObjects({ sql, bodies, clock });
    const resources = createResources({ sql, clock, place: await ensurePlace(home.place) });
    const logs = createLogs({ sql, clock });
    const metrics = createMetrics({ sql, clock });
    const datasetRecords = createDatasetRecords({ sql });
    const cache = new ModelCache({ directory: home.models, objects, clock });
    const serving = new Serving({
      resources,
      cache,
      hostings: [createInProcessHosting(findImage)],
      logs,
      metrics,
      clock,
      onError: (error) => logger.error({ error }, "work of an endpoint in the background failed"),
    });
    const campaigns = new Campaigns({
      resources,
      records: datasetRecords,
      cache,
      modelAccountId: INTERNAL_ACCOUNT,
      logs,
      metrics,
      clock,
      onError: (error) => logger.error({ error }, "work of a campaign in the background failed"),
    });
    return {
      sql,
      resources,
      objects,
      items: createItems({ sql, clock }),
      datasetRecords,
      logs,
      metrics,
      accessKeys: createAccessKeys({ sql, clock }),
      executor: createProcessExecutor({ directory: join(home.jobs, "processes") }),
      matcher: createMetricMatcher(),
      serving,
      campaigns,
      clock,
      logger,
    };
  } catch (error) {
    await sql.close();
    throw error;
  }
}

/** Where state is at home; without a wish the store decides. */
export function sqlOptions({ home, databaseUrl, sql }: Configuration): OpenSqlOptions {
  return { directory: home, home: databaseUrl === undefined ? sql : "server", databaseUrl };
}

/** Endpoints drain first, the database closes last. */
export async function closePorts({ serving, campaigns, matcher, objects, sql }: Ports): Promise<void> {
  await serving.close();
  await campaigns.close();
  await matcher[Symbol.asyncDispose]();
  await objects.close();
  await sql.close();
}
