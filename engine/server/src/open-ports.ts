import { join } from "node:path";
import { findImage } from "@rondo/images";
import { createProcessExecutor } from "@rondo/run";
import { createInProcessHosting, ModelCache, Serving } from "@rondo/serve";
import {
  type Clock,
  createAccessKeys,
  createLogs,
  createMetrics,
  createObjects,
  createResources,
  type Logger,
  openBodies,
  openSql,
  type Sql,
} from "@rondo/store";
import type { Configuration } from "./configuration.ts";
import type { Home } from "./home.ts";
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
  const { databaseUrl } = configuration;
  const sqlHome = databaseUrl === undefined ? configuration.sql : "server";
  const sql = given ?? (await openSql({ directory: home.path, home: sqlHome, databaseUrl, logger }));
  try {
    const bodies = await openBodies({ location: configuration.objects, directory: home.objects });
    const objects = createObjects({ sql, bodies, clock });
    const resources = createResources({ sql, clock });
    const logs = createLogs({ sql, clock });
    const metrics = createMetrics({ sql, clock });
    const serving = new Serving({
      resources,
      cache: new ModelCache({ directory: home.models, objects, clock }),
      hostings: [createInProcessHosting(findImage)],
      logs,
      metrics,
      clock,
      onError: (error) => logger.error({ error }, "work of an endpoint in the background failed"),
    });
    return {
      sql,
      resources,
      objects,
      logs,
      metrics,
      accessKeys: createAccessKeys({ sql, clock }),
      executor: createProcessExecutor({ directory: join(home.jobs, "processes") }),
      serving,
      clock,
      logger,
    };
  } catch (error) {
    await sql.close();
    throw error;
  }
}

/** Endpoints drain first, the database closes last. */
export async function closePorts({ serving, objects, sql }: Ports): Promise<void> {
  await serving.close();
  await objects.close();
  await sql.close();
}
