import type { Clock } from "../clock.ts";
import type { Sql } from "../sql.ts";
import { createLogWriter } from "./append-log-events.ts";
import { createLogGroups, type LogGroups } from "./log-groups.ts";
import { createLogReader, type LogReader } from "./log-reader.ts";
import { createLogStreams, type LogStreams } from "./log-streams.ts";
import type { LogWriter } from "./log-writer.ts";

/** All that CloudWatch Logs needs of the store. */
export interface Logs extends LogGroups, LogStreams, LogReader, LogWriter {}

/** The logs of all accounts in SQL. */
export function createLogs(dependencies: { readonly sql: Sql; readonly clock: Clock }): Logs {
  return {
    ...createLogGroups(dependencies),
    ...createLogStreams(dependencies),
    ...createLogReader(dependencies),
    ...createLogWriter(dependencies),
  };
}
