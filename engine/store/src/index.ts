export {
  type AlarmEvent,
  type AlarmHistoryQuery,
  appendAlarmHistory,
  deleteExpiredAlarmHistory,
  listAlarmHistory,
  type StoredAlarmEvent,
} from "./alarms/alarm-history.ts";
export { packArchive } from "./archive/pack-archive.ts";
export { type ArchiveLimits, unpackArchive } from "./archive/unpack-archive.ts";
export { type Clock, systemClock } from "./clock.ts";
export { createResources } from "./create-resources.ts";
export { createDatasetRecords } from "./dataset-records/create-dataset-records.ts";
export type {
  DatasetRecord,
  DatasetRecordContent,
  DatasetRecordNews,
  DatasetRecordQuery,
  DatasetRecords,
  NewDatasetRecord,
} from "./dataset-records/dataset-records.ts";
export { describeSql, type SqlDescription } from "./describe-sql.ts";
export type { AccessKey } from "./identities/access-key.ts";
export {
  type AccessKeys,
  type AccessKeysDependencies,
  createAccessKeys,
  type Identity,
} from "./identities/access-keys.ts";
export { type CredentialsProfile, readCredentialsFile, writeCredentialsFile } from "./identities/credentials-file.ts";
export { deleteExpiredAccessKeys } from "./identities/delete-expired-access-keys.ts";
export { createItems } from "./items/create-items.ts";
export { itemTableVersion } from "./items/item-table-version.ts";
export {
  type ItemContent,
  type ItemCount,
  type ItemDecision,
  type ItemIndexEntry,
  type ItemPageQuery,
  type ItemPosition,
  type ItemPut,
  type ItemRef,
  type Items,
  type ItemTable,
  type ItemUpdate,
  type PagedItem,
  type TransactionOptions,
  TransactionRefused,
  type TransactionToken,
} from "./items/items.ts";
export { type Logger, silentLogger } from "./logger.ts";
export { deleteExpiredLogEvents } from "./logs/delete-expired-log-events.ts";
export type { LogGroup, LogGroupQuery, LogGroups } from "./logs/log-groups.ts";
export {
  bytesPerEvent,
  type LogCursor,
  type LogGroupPage,
  type LogReader,
  type LogStreamPage,
  type LogTimeRange,
  type StoredLogEvent,
} from "./logs/log-reader.ts";
export type { LogStream, LogStreamCursor, LogStreamQuery, LogStreams } from "./logs/log-streams.ts";
export type { AppendOptions, LogEvent, LogGroupRef, LogStreamRef, LogWriter } from "./logs/log-writer.ts";
export { createLogs, type Logs } from "./logs/logs.ts";
export { deleteExpiredQueueMessages } from "./messages/delete-expired-queue-messages.ts";
export {
  changeQueueMessageVisibility,
  countQueueMessages,
  deleteQueueMessage,
  listenForQueueMessages,
  type NewQueueMessage,
  nextVisibleQueueMessage,
  purgeQueueMessages,
  type QueueMessageAttribute,
  type QueueMessageCounts,
  type QueueReceipt,
  type ReceivedQueueMessage,
  receiveQueueMessages,
  redriveQueueMessages,
  sendQueueMessage,
} from "./messages/queue-messages.ts";
export { deleteExpiredMetrics } from "./metrics/delete-expired-metrics.ts";
export {
  hashDimensions,
  type MetricRef,
  type MetricSeries,
  type MetricSeriesCursor,
  type MetricSeriesQuery,
} from "./metrics/metric-series.ts";
export type { PeriodStatistics, StatisticsQuery } from "./metrics/metric-statistics.ts";
export type { MetricDatum, MetricWriter } from "./metrics/metric-writer.ts";
export { createMetrics, type Metrics } from "./metrics/metrics.ts";
export type { Bodies } from "./objects/bodies.ts";
export { openBodies } from "./objects/bodies-location.ts";
export { createDiskBodies } from "./objects/disk-bodies.ts";
export type * from "./objects/multipart-uploads.ts";
export { createObjects, type ObjectsOptions } from "./objects/object-store.ts";
export type * from "./objects/objects.ts";
export { type OpenSqlOptions, openSql } from "./open-sql.ts";
export { notePlace, PLACE_SILENCE_MS } from "./places.ts";
export { isProcessAlive } from "./process-alive.ts";
export { resetDatabase } from "./reset-database.ts";
export type {
  ClaimedResource,
  NewResource,
  Owner,
  Resource,
  ResourcePage,
  ResourcePatch,
  ResourceQuery,
  Resources,
  RestingResource,
} from "./resources.ts";
export type { Sql, SqlConnection, SqlHome } from "./sql.ts";
export { StoreError } from "./store-error.ts";
export type { Tables } from "./tables.ts";
