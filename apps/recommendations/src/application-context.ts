import { IAMClient } from "@aws-sdk/client-iam";
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { PersonalizeEventsClient } from "@aws-sdk/client-personalize-events";
import { PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { S3Client } from "@aws-sdk/client-s3";
import type { SessionOptions } from "@rondo/sdk";
import type { Database } from "./database/database.ts";
import { migrate } from "./database/migrate.ts";
import { openDatabase } from "./database/open-database.ts";
import type { RecommendationsSettings } from "./settings.ts";

export interface Clock {
  now(): Date;
}

/** The one call that each of these needs of its client; tests may bring their own. */
export interface Clients {
  /** Whole, since the SDK's paginators insist on it. */
  readonly personalize: PersonalizeClient;
  readonly runtime: Pick<PersonalizeRuntimeClient, "send">;
  readonly events: Pick<PersonalizeEventsClient, "send">;
  readonly s3: Pick<S3Client, "send">;
  readonly iam: Pick<IAMClient, "send">;
}

/** What the whole application stands on. */
export interface ApplicationContext extends Clients {
  readonly settings: RecommendationsSettings;
  readonly database: Database;
  readonly clock: Clock;
  /** A number from 0 to 2^32 − 1, by which samples are drawn and which is stored with them. */
  readonly newSeed: () => number;
  /** Told of what goes wrong in the background, and of faults that nobody expected. */
  readonly onFault: (error: unknown) => void;
}

export interface OpenContext extends ApplicationContext, AsyncDisposable {}

export interface ContextOptions {
  /** Endpoint, region and credentials of the AWS APIs; what is left out comes from the standard variables. */
  readonly clientConfig?: SessionOptions | undefined;
  /** Default: the one of RECOMMENDATIONS_DATABASE_URL. */
  readonly database?: Database | undefined;
  readonly clock?: Clock;
  readonly newSeed?: () => number;
  readonly onFault?: (error: unknown) => void;
}

/** An answer that takes longer than this is not waited for: there is one from the cache or of what is popular. */
const ANSWER_TIMEOUTS = { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true } as const;

/** Opens the clients and the database, and brings its tables up to date. Throws when there is no database. */
export async function openContext(settings: RecommendationsSettings, options: ContextOptions): Promise<OpenContext> {
  const { endpoint, credentials, region = settings.region } = options.clientConfig ?? {};
  const config = {
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(region !== undefined && { region }),
  };
  const own = settings.databaseUrl === undefined ? undefined : openDatabase(settings.databaseUrl);
  const database = own ?? options.database;
  if (database === undefined) {
    throw new Error(
      "There is no database: set RECOMMENDATIONS_DATABASE_URL to a PostgreSQL, or start with `rondo start`, which has one.",
    );
  }
  const clients = {
    personalize: new PersonalizeClient(config),
    runtime: new PersonalizeRuntimeClient({ ...config, maxAttempts: 1, requestHandler: ANSWER_TIMEOUTS }),
    events: new PersonalizeEventsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: endpoint !== undefined }),
    iam: new IAMClient(config),
  };
  const close = async (): Promise<void> => {
    for (const client of Object.values(clients)) client.destroy();
    await own?.[Symbol.asyncDispose]();
  };
  try {
    await migrate(database);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...clients,
    settings,
    database,
    clock: options.clock ?? SYSTEM_CLOCK,
    newSeed: options.newSeed ?? randomSeed,
    onFault: options.onFault ?? reportFault,
    [Symbol.asyncDispose]: close,
  };
}

const SYSTEM_CLOCK: Clock = { now: () => new Date() };

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** One JSON line on standard error, as log collectors take it. */
function reportFault(error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level: "error", name, message, stack })}\n`);
}
