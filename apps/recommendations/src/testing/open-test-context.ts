import type { ApplicationContext } from "../application-context.ts";
import type { Database } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import { type RecommendationsSettings, readSettings } from "../settings.ts";

export interface TestContext extends ApplicationContext {
  /** What went wrong in the background. */
  readonly faults: unknown[];
  /** Lets time pass. */
  wait(ms: number): void;
}

/** A client of which nothing is expected. */
const UNUSED = {
  send() {
    throw new Error("No call of AWS was expected.");
  },
};

/** The application on a test's database, with a clock that stands and clients that the test brings. */
export async function openTestContext(
  database: Database,
  options: Partial<Omit<ApplicationContext, "settings">> & {
    readonly settings?: Partial<RecommendationsSettings>;
  } = {},
): Promise<TestContext> {
  await migrate(database);
  let now = Date.parse("2026-03-01T10:00:00Z");
  let seed = 0;
  const faults: unknown[] = [];
  return {
    personalize: UNUSED as unknown as ApplicationContext["personalize"],
    runtime: UNUSED,
    events: UNUSED,
    s3: UNUSED,
    iam: UNUSED,
    clock: { now: () => new Date(now) },
    newSeed: () => ++seed,
    onFault: (error) => faults.push(error),
    ...options,
    database,
    settings: { ...readSettings({}), ...options.settings },
    faults,
    wait: (ms) => {
      now += ms;
    },
  };
}
