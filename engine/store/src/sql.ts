import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** What statements run on: the pool, or one transaction. */
export interface SqlConnection {
  /** Typed query building, for statements whose text depends on the request (filters, sorting, pages). */
  readonly kysely: Kysely<Tables>;
  /**
   * Runs one statement with bound parameters (`$1` …). int8 and numeric arrive as number, timestamptz as Date, jsonb parsed, bytea as
   * Buffer; a Buffer parameter travels binary. With `name` the statement is prepared once per connection.
   */
  query<Row extends object>(
    text: string,
    values?: readonly unknown[],
    options?: { readonly name?: string },
  ): Promise<Row[]>;
}

export interface Sql extends SqlConnection, AsyncDisposable {
  /** Which of the three homes of state this is. */
  readonly home: "embedded" | "server" | "pglite";
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<Result>(work: (transaction: SqlConnection) => Promise<Result>): Promise<Result>;
  /** NOTIFY as part of `connection` (delivered at commit). */
  notify(connection: SqlConnection, channel: string, payload: string): Promise<void>;
  /** LISTEN; reconnects by itself and then calls `onMessage("")`, since messages may have been missed. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<AsyncDisposable>;
  close(): Promise<void>;
}
