import type { MaintenanceTask } from "@rondo/control";
import { evictEnvironments } from "@rondo/images";
import { expireItems, sweepJobs, sweepSegments } from "@rondo/services";
import {
  deleteExpiredAccessKeys,
  deleteExpiredAlarmHistory,
  deleteExpiredLogEvents,
  deleteExpiredMetrics,
  deleteExpiredQueueMessages,
} from "@rondo/store";
import type { Home } from "./home.ts";
import type { Ports } from "./ports.ts";

const everyMs = 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** Longer than the 28 days that MaxRuntimeInSeconds allows, so no job that runs loses what it was started with. */
const UNUSED_ENVIRONMENT_MS = 30 * DAY_MS;

/** What comes back by itself: sweeping and forgetting. */
export function createMaintenanceTasks(ports: Ports, home: Home): MaintenanceTask[] {
  const { sql, objects, items, executor, clock } = ports;
  const expired = [
    { name: "delete-expired-log-events", remove: deleteExpiredLogEvents },
    { name: "delete-expired-metrics", remove: deleteExpiredMetrics },
    { name: "delete-expired-access-keys", remove: deleteExpiredAccessKeys },
    { name: "delete-expired-alarm-history", remove: deleteExpiredAlarmHistory },
    { name: "delete-expired-queue-messages", remove: deleteExpiredQueueMessages },
  ];
  return [
    { name: "sweep-orphaned-bodies", everyMs, run: async () => void (await objects.sweepOrphans()) },
    { name: "sweep-jobs", everyMs, run: () => sweepJobs({ sql, executor, directory: home.jobs }) },
    { name: "sweep-segments", everyMs, run: async (signal) => void (await sweepSegments(ports, signal)) },
    {
      name: "evict-environments",
      everyMs: DAY_MS,
      async run(signal) {
        const unusedSince = new Date(clock.now().getTime() - UNUSED_ENVIRONMENT_MS);
        await evictEnvironments({ directory: home.environments, unusedSince, signal });
      },
    },
    {
      name: "expire-items",
      everyMs: 60_000,
      run: async (signal) => void (await expireItems({ sql, items, now: clock.now(), signal })),
    },
    ...expired.map(({ name, remove }) => ({
      name,
      everyMs,
      run: async (signal: AbortSignal) => void (await remove({ sql, now: clock.now(), signal })),
    })),
  ];
}
