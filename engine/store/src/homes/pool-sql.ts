import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect, type PostgresPoolClient } from "kysely";
import pg from "pg";
import type { Logger } from "../logger.ts";
import type { Sql, SqlConnection, SqlHome } from "../sql.ts";
import type { Tables } from "../tables.ts";
import type { Channels } from "./channels.ts";
import { rowTypes } from "./row-types.ts";

/** What a home of state brings along. */
export interface PoolSqlOptions {
  readonly home: SqlHome;
  readonly location: string;
  readonly config: pg.PoolConfig;
  readonly channels: Channels;
  readonly logger: Logger;
  /** Called when all connections are closed. */
  readonly onClose?: () => Promise<void>;
}

async function runQuery<Row extends object>(
  client: pg.PoolClient,
  text: string,
  values?: readonly unknown[],
  options?: { readonly name?: string },
): Promise<Row[]> {
  const result = await client.query<Row>({ text, values: values as unknown[] | undefined, name: options?.name });
  return result.rows;
}

/** Unlike `pool.query`, which throws the connection away whenever a statement fails, this keeps it when PostgreSQL merely said no. */
async function runOnPool<Row extends object>(
  pool: pg.Pool,
  ...query: [text: string, values?: readonly unknown[], options?: { readonly name?: string }]
): Promise<Row[]> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await runQuery<Row>(client, ...query);
  } catch (error) {
    broken = !(error instanceof pg.DatabaseError);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** kysely takes and returns clients of a pool; within a transaction there is one, and it is not for kysely to return. */
function kyselyOn(client: pg.PoolClient): Kysely<Tables> {
  const lent = { query: client.query.bind(client), release: () => {} } as PostgresPoolClient;
  const pool = { connect: async () => lent, end: async () => {}, options: {} };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

class Transaction implements SqlConnection {
  readonly #client: pg.PoolClient;
  readonly #afterCommit: (() => void)[] = [];
  #kysely: Kysely<Tables> | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  get kysely(): Kysely<Tables> {
    this.#kysely ??= kyselyOn(this.#client);
    return this.#kysely;
  }

  query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: { readonly name?: string },
  ): Promise<Row[]> {
    return runQuery(this.#client, text, values, options);
  }

  afterCommit(work: () => void): void {
    this.#afterCommit.push(work);
  }

  committed(): void {
    for (const work of this.#afterCommit) work();
  }
}

async function runTransaction<Result>(
  pool: pg.Pool,
  work: (transaction: SqlConnection) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const transaction = new Transaction(client);
  let broken: Error | undefined;
  let result: Result;
  try {
    await client.query("begin");
    result = await work(transaction);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure; // the connection is of no more use; the pool makes another
    });
    throw error;
  } finally {
    client.release(broken);
  }
  transaction.committed();
  return result;
}

/** `Sql` over node-postgres connections: all three homes speak PostgreSQL's protocol, so values are converted in one place. */
export function createPoolSql(options: PoolSqlOptions): Sql {
  const pool = new pg.Pool({
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 30_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    ...options.config,
    types: rowTypes,
  });
  let closed: Promise<void> | undefined;
  pool.on("error", (error) => {
    // At an orderly close PostgreSQL stops while the pool's sockets are still ending.
    if (closed === undefined) options.logger.warn({ error }, "An idle database connection was lost");
  });
  // One in use tells its query; unheard, its "error" would end this process.
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

  async function close(): Promise<void> {
    await options.channels.close();
    await pool.end();
    await options.onClose?.();
  }

  return {
    home: options.home,
    instance: randomUUID(),
    location: options.location,
    kysely,
    query: (text, values, settings) => runOnPool(pool, text, values, settings),
    afterCommit: (work) => work(),
    transaction: (work) => runTransaction(pool, work),
    notify: options.channels.notify,
    listen: options.channels.listen,
    close: () => (closed ??= close()),
    [Symbol.asyncDispose]: () => (closed ??= close()),
  };
}
