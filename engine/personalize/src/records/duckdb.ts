import { type DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";

export interface DuckDbOptions {
  readonly threads: number;
  /** What does not fit goes to `temporaryDirectory`. */
  readonly memoryLimitMiB: number;
  readonly temporaryDirectory: string;
  /** Interrupts the statement that runs. */
  readonly signal?: AbortSignal;
}

/** An empty DuckDB in memory, for the length of one piece of work. Rows keep the order in which they are read. */
export interface DuckDb extends Disposable {
  run(sql: string): Promise<void>;
  /** All rows; numbers are to be cast to DOUBLE or INTEGER, others come as `bigint`. */
  rows<Row extends object>(sql: string): Promise<Row[]>;
  /** The rows a few thousand at a time. */
  chunks(sql: string): AsyncIterable<DuckDBDataChunk>;
}

export async function openDuckDb(options: DuckDbOptions): Promise<DuckDb> {
  const { threads, memoryLimitMiB, temporaryDirectory, signal } = options;
  signal?.throwIfAborted();
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: `${memoryLimitMiB}MiB`,
    temp_directory: temporaryDirectory,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener("abort", interrupt);

  /** What an interrupted statement throws is the signal's reason. */
  async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  return {
    run: async (sql) => void (await attempt(() => connection.run(sql))),
    rows: async <Row extends object>(sql: string) =>
      (await attempt(() => connection.runAndReadAll(sql))).getRowObjectsJS() as Row[],
    async *chunks(sql) {
      const result = await attempt(() => connection.stream(sql));
      for (;;) {
        const chunk = await attempt(() => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk;
      }
    },
    [Symbol.dispose]() {
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A name as SQL has it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text, or a list of texts, as SQL has it. */
export function literal(value: string | readonly string[]): string {
  return typeof value === "string"
    ? `'${value.replaceAll("'", "''")}'`
    : `[${value.map((text) => literal(text)).join(", ")}]`;
}
