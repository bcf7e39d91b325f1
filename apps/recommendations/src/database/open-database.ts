import pg from "pg";
import type { Database, DatabaseConnection } from "./database.ts";

const INT8 = 20;
const NUMERIC = 1700;
const CONNECTIONS = 10;

/** A database of one's own, and how to leave it. */
export interface OpenDatabase extends Database, AsyncDisposable {}

/** Counts and sums stay far below 2^53, so they arrive as numbers instead of texts. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (format !== "binary" && (oid === INT8 || oid === NUMERIC)) return Number;
    return (pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown)(oid, format);
  },
};

/** Connects to RECOMMENDATIONS_DATABASE_URL; a connection that is lost while idle is replaced by the next statement. */
export function openDatabase(url: string): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    types: TYPES,
  });
  pool.on("error", () => undefined);
  return {
    query: (text, values) => run(pool, text, values),
    transaction: (work) => runTransaction(pool, work),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function run<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<Row[]> {
  return (await on.query<Row>(text, values as unknown[] | undefined)).rows;
}

async function runTransaction<Result>(
  pool: pg.Pool,
  work: (transaction: DatabaseConnection) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await work({ query: (text, values) => run(client, text, values) });
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
