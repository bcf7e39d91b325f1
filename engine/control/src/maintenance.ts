import type { Clock, Resources } from "@rondo/store";
import { StoreError } from "@rondo/store";
import type { ResourceKind } from "./kind.ts";

/** Work that comes back: sweeping orphans, deleting what has expired. It must be idempotent; throwing tries again, later and later. */
export interface MaintenanceTask {
  /** `sweep-bodies`: names the row, so renaming it starts afresh. */
  readonly name: string;
  readonly everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}

/** Periodic tasks belong to no account. */
const owner = { accountId: "rondo", region: "local" };
const type = "rondo/maintenance";

/**
 * The kind that runs periodic tasks: each is a row that falls due again after its period, so on a shared server it runs once and not once per
 * process, and a restart forgets nothing.
 */
export function createMaintenance({
  tasks,
  clock,
}: {
  readonly tasks: readonly MaintenanceTask[];
  readonly clock: Clock;
}): ResourceKind & {
  /** Adds the rows of tasks that have none yet (they run at once) and wakes those of tasks that had been retired. Call before the loop starts. */
  schedule(resources: Pick<Resources, "find" | "insert" | "update">): Promise<void>;
} {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  if (byName.size < tasks.length) throw new Error("Two maintenance tasks have the same name");
  return {
    type,
    maxAttempts: Number.POSITIVE_INFINITY,
    async reconcile(resource, { signal }) {
      const task = byName.get(resource.name);
      if (task === undefined) return { status: "Retired", due: null }; // of a former version
      await task.run(signal);
      return { status: "Scheduled", due: new Date(clock.now().getTime() + task.everyMs) };
    },
    giveUp: () => ({ status: "Failed", due: null }),
    async schedule(resources) {
      for (const { name } of tasks) {
        const found = await resources.find(owner, type, name);
        const row = {
          ...owner,
          type,
          name,
          arn: `${type}/${name}`,
          status: "Scheduled",
          body: {},
          due: "now" as const,
        };
        const write =
          found === undefined ? resources.insert(row) : found.due === null && resources.update(found, { due: "now" });
        await Promise.resolve(write).catch((error: unknown) => {
          if (!(error instanceof StoreError)) throw error; // another process was faster
        });
      }
    },
  };
}
