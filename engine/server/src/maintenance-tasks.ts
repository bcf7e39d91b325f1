import type { MaintenanceTask } from "@rondo/control";
import { expireItems, sweepJobs } from "@rondo/services";
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

/** What comes back by itself: sweeping and forgetting. */
export function createMaintenanceTasks({ sql, objects, items, executor, clock }: Ports, home: Home): MaintenanceTask[] {
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
