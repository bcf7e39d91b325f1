/** What statements run on: the database, or one transaction. `Sql` of Rondo's own server is one as it is. */
export interface DatabaseConnection {
  /** One statement with bound parameters (`$1` …), or several without any. int8 and numeric arrive as number, timestamptz as Date, jsonb parsed. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * PostgreSQL, 15 or newer. All tables are in the schema `recommendations`. There may be one connection only (PGlite): inside a transaction nothing but
 * the transaction is asked.
 */
export interface Database extends DatabaseConnection {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<Result>(work: (transaction: DatabaseConnection) => Promise<Result>): Promise<Result>;
}
