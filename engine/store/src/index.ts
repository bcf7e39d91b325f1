export type { LogEvent, LogStreamRef, LogWriter } from "./logs.ts";
export type { MetricDatum, MetricWriter } from "./metrics.ts";
export type { Bodies } from "./objects/bodies.ts";
export type * from "./objects/objects.ts";
export type {
  NewResource,
  Owner,
  Resource,
  ResourcePage,
  ResourcePatch,
  ResourceQuery,
  Resources,
} from "./resources.ts";
export type { Sql, SqlConnection } from "./sql.ts";
export { StoreError } from "./store-error.ts";
export type { Tables } from "./tables.ts";
