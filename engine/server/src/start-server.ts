import { createControlLoop, createMaintenance, killAtCrashPoint } from "@rondo/control";
import { followEndpoints } from "@rondo/serve";
import { createSubscriptionRoute, restoreCampaigns, restoreEndpoints, subscriptionPath } from "@rondo/services";
import { type Clock, describeSql, type Logger, type Sql, systemClock } from "@rondo/store";
import { createWireServer, type InternalRoute } from "@rondo/wire";
import type { Configuration } from "./configuration.ts";
import { ensureCredentials, type KeyPair } from "./credentials.ts";
import { createDeliveryLoop } from "./delivery-loop.ts";
import { type Home, prepareHome } from "./home.ts";
import { healthRoute, resetRoute } from "./internal-routes.ts";
import { createKinds } from "./kinds.ts";
import { createLogger } from "./logger.ts";
import { createMaintenanceTasks } from "./maintenance-tasks.ts";
import { closePorts, openPorts } from "./open-ports.ts";
import { attendPlace } from "./place.ts";
import type { Ports } from "./ports.ts";
import { resetState } from "./reset-state.ts";
import { removeServerFile, writeServerFile } from "./server-file.ts";
import { createDirectRoutes, createServices } from "./services.ts";

/** How long requests that run may take to finish when the server stops. */
const GRACE_MS = 10_000;
/** Endpoints and alarms looked at together; an endpoint may be busy loading its models. */
const WATCHING_CONCURRENCY = 16;

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:4700` */
  readonly url: string;
  readonly configuration: Configuration;
  /** The key pair of `RONDO_HOME/credentials`. */
  readonly credentials: KeyPair;
  /** For an application that keeps its tables beside the server's, in a schema of its own, and is closed before the server. */
  readonly database: Pick<Sql, "query" | "transaction">;
  /** Finishes what runs, stops the control loop, closes the database. Training jobs go on and are found again at the next start. */
  close(): Promise<void>;
}

export interface ServerDependencies {
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** A database that is open already. */
  readonly sql?: Sql;
}

/**
 * Starts the whole product on one port: opens state, loads the endpoints that were in service, starts the control loop and listens. Throws StoreError
 * `HomeInUse` when another Rondo has the home, and the system's error when the port is taken.
 */
export async function startServer(
  configuration: Configuration,
  dependencies: ServerDependencies = {},
): Promise<RunningServer> {
  const { clock = systemClock, logger = createLogger(configuration.logLevel), sql } = dependencies;
  const home = await prepareHome(configuration.home);
  const ports = await openPorts({ configuration, home, clock, logger, sql });
  try {
    const credentials = await ensureCredentials(home.credentials, ports.accessKeys, configuration.accountId);
    return await listen({ ports, configuration, credentials, home });
  } catch (error) {
    await closePorts(ports);
    throw error;
  }
}

interface Prepared {
  readonly ports: Ports;
  readonly configuration: Configuration;
  readonly credentials: KeyPair;
  readonly home: Home;
}

async function listen({ ports, configuration, credentials, home }: Prepared): Promise<RunningServer> {
  const { clock, logger, resources } = ports;
  const stopping = new AbortController();
  let url = "";
  const maintenance = createMaintenance({ tasks: createMaintenanceTasks(ports, home), clock });
  const { working, watching } = createKinds({
    ports,
    home,
    python: configuration.python,
    url: () => url,
    signal: stopping.signal,
  });
  const options = { resources, clock, logger, crashPoint: crashPoint() };
  const loops = [
    createControlLoop({ ...options, kinds: [...working, maintenance] }),
    createControlLoop({ ...options, kinds: watching, concurrency: WATCHING_CONCURRENCY }),
    createDeliveryLoop({ ports, configuration, home, url: () => url, crashPoint: options.crashPoint }),
  ];
  const { accountId } = configuration;
  const reset = () => resetState({ ports, home, credentials, accountId, maintenance });
  const wire = createWireServer({
    services: createServices(ports),
    directRoutes: createDirectRoutes(ports),
    internalRoutes: createInternalRoutes(ports, configuration, reset),
    credentials: ports.accessKeys,
    hostNames: configuration.hostNames,
    clock,
    logger,
  });
  await maintenance.schedule(resources);
  const { sql, serving } = ports;
  const onError = (error: unknown) => logger.error({ error }, "following the endpoints of other processes failed");
  const follower = await followEndpoints({ sql, serving, onError });
  // A request that comes before its endpoint is loaded waits for it.
  const restored = restoreEndpoints(ports, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) logger.error({ error }, "restoring endpoints failed");
  });
  const onCampaignError = (error: unknown) => logger.error({ error }, "restoring a campaign failed");
  const restoredCampaigns = restoreCampaigns({ ...ports, onError: onCampaignError }, stopping.signal).catch(
    (error: unknown) => {
      if (!stopping.signal.aborted) onCampaignError(error);
    },
  );
  const stop = async (): Promise<void> => {
    stopping.abort(new Error("the server is closing"));
    await wire.close(GRACE_MS);
    await Promise.all(loops.map((loop) => loop.stop()));
    await restored;
    await restoredCampaigns;
    await follower[Symbol.asyncDispose]();
  };
  try {
    ({ url } = await wire.listen({ host: configuration.host, port: configuration.port }));
    await attendPlace({ sql, place: resources.place, clock, logger, signal: stopping.signal });
    for (const loop of loops) await loop.start();
    await writeServerFile(home.serverFile, { pid: process.pid, url, startedAt: clock.now().toISOString() });
  } catch (error) {
    await stop();
    throw error;
  }
  const close = async (): Promise<void> => {
    await stop();
    await closePorts(ports);
    await removeServerFile(home.serverFile);
  };
  return { url, configuration, credentials, database: sql, close, [Symbol.asyncDispose]: close };
}

/** RONDO_CRASH_POINT names where tests kill this process. */
function crashPoint(): ((name: string) => void) | undefined {
  const name = process.env.RONDO_CRASH_POINT;
  return name === undefined ? undefined : killAtCrashPoint(name);
}

function createInternalRoutes(
  { sql, resources, clock }: Ports,
  { home, allowReset }: Configuration,
  reset: () => Promise<void>,
): Record<string, InternalRoute> {
  const startedAt = clock.now().toISOString();
  const health = healthRoute(async (isVerbose) => {
    await sql.query("select 1");
    const facts = { product: "rondo", sql: sql.home, home, startedAt };
    return isVerbose ? { ...facts, database: await describeSql(sql) } : facts;
  });
  return {
    "GET /_rondo/health": health,
    [`GET ${subscriptionPath}`]: createSubscriptionRoute({ sql, resources }),
    ...(allowReset && { "POST /_rondo/reset": resetRoute(reset) }),
  };
}
