import type { Executor, MetricMatcher } from "@rondo/run";
import type { Campaigns, Serving } from "@rondo/serve";
import type {
  AccessKeys,
  Clock,
  DatasetRecords,
  Items,
  Logger,
  Logs,
  Metrics,
  Objects,
  Resources,
  Sql,
} from "@rondo/store";

/** Everything that services, kinds and maintenance are made of; each takes what it uses. */
export interface Ports {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly objects: Objects;
  readonly items: Items;
  readonly datasetRecords: DatasetRecords;
  readonly logs: Logs;
  readonly metrics: Metrics;
  readonly accessKeys: AccessKeys;
  readonly executor: Executor;
  /** Finds metrics in log lines. */
  readonly matcher: MetricMatcher;
  readonly serving: Serving;
  readonly campaigns: Campaigns;
  readonly clock: Clock;
  readonly logger: Logger;
}
