import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { createMaintenance } from "@rondo/control";
import { endJobs } from "@rondo/services";
import { resetDatabase } from "@rondo/store";
import { adoptCredentials, type KeyPair } from "./credentials.ts";
import type { Home } from "./home.ts";
import type { Ports } from "./ports.ts";

export interface ResetDependencies {
  readonly ports: Ports;
  readonly home: Home;
  readonly credentials: KeyPair;
  readonly accountId: string;
  readonly maintenance: Pick<ReturnType<typeof createMaintenance>, "schedule">;
}

/** Ends what runs and empties everything but the key pair that clients were set up with. Bodies of objects are swept right after, by the maintenance task that is due again. */
export async function resetState({
  ports,
  home,
  credentials,
  accountId,
  maintenance,
}: ResetDependencies): Promise<void> {
  const { sql, executor, accessKeys, resources, serving, campaigns } = ports;
  await endJobs({ sql, executor });
  await resetDatabase(sql);
  await serving.clear();
  await campaigns.clear();
  accessKeys.forgetCached();
  await adoptCredentials(accessKeys, credentials, accountId);
  for (const name of await readdir(home.jobs).catch(() => [])) {
    await rm(join(home.jobs, name), { recursive: true, force: true, maxRetries: 3 });
  }
  await maintenance.schedule(resources);
}
