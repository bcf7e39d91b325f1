import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** What statements run on: the pool, or one transaction. */
export interface SqlConnection {
  /** Typed query building, for statements whose text depends on the request (filters, sorting, pages). Transactions are `Sql.transaction`'s. */
  readonly kysely: Kysely<Tables>;
  /**
   * Runs one statement with bound parameters (`$1` …); several statements when there are none. int8 and numeric arrive as number, timestamptz
   * as Date, jsonb parsed, bytea as Buffer. As parameters, a Buffer travels binary, a plain object as JSON, an array as a PostgreSQL array (so
   * a JSON array is passed as `JSON.stringify(array)`). With `name` the statement is prepared once per connection.
   */
  query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: { readonly name?: string },
  ): Promise<Row[]>;
  /** Calls `work` when the transaction has committed, never when it rolled back; on the pool, at once. */
  afterCommit(work: () => void): void;
}

/** The three homes of state: a PostgreSQL of our own, one of yours, or PGlite in this process. */
export type SqlHome = "embedded" | "server" | "pglite";

export interface Sql extends SqlConnection, AsyncDisposable {
  readonly home: SqlHome;
  /** Unique to this opening of the database: tells our leases from those of processes that are gone. */
  readonly instance: string;
  /** Where the data is: a directory, or host and database without the password. */
  readonly location: string;
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<Result>(work: (transaction: SqlConnection) => Promise<Result>): Promise<Result>;
  /** NOTIFY as part of `connection` (delivered at commit). */
  notify(connection: SqlConnection, channel: string, payload: string): Promise<void>;
  /** LISTEN; reconnects by itself and then calls `onMessage("")`, since messages may have been missed. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<AsyncDisposable>;
  close(): Promise<void>;
}
