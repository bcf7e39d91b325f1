import type { ApplicationContext } from "../application-context.ts";
import { refreshBundles } from "../bundles/bundles.ts";
import type { DatabaseConnection } from "../database/database.ts";
import { type BatchInput, deleteBatch, isBatchDone, readBatch, startBatch } from "../personalize/batch-inference.ts";
import { ensureRole } from "../personalize/execution-role.ts";
import type { Solution } from "../personalize/solutions.ts";
import { sampleRegion } from "../regional/region-sample.ts";
import { listRegions } from "../regional/regional-view.ts";
import { type Advance, isDueEvery, type Run, type RunKind } from "../runs/run.ts";
import { hasOrders } from "../sample/has-orders.ts";
import { type CacheName, writeCached } from "./cache.ts";
import { type CachedOffer, withDisplayScores } from "./display-score.ts";
import { refreshPopularProducts } from "./popular-products.ts";

/** What the steps of filling the cache have come to. */
export interface BatchState {
  /** The live versions that compute; none before the first training. */
  readonly versions: Readonly<Partial<Record<Solution, string>>>;
  /** When the jobs were started: the lists know nothing of what came later. */
  readonly computedAt: string;
  readonly jobs: Readonly<Partial<Record<CacheName, string>>>;
  readonly lists: Readonly<Partial<Record<CacheName, number>>>;
}

const LOOK_MS = 2_000;
const PAGE = 10_000;
/** Lists of one statement. */
const LISTS_PER_WRITE = 1_000;

const SOLUTION_OF = { users: "user-personalization", items: "similar-items" } as const satisfies Record<
  CacheName,
  Solution
>;

const CACHES = ["users", "items"] as const;

/** Computes the lists of all active users and what is similar to all products, and fills the cache with them (P-25, P-33). */
export function batchRun(context: ApplicationContext): RunKind<BatchState> {
  const { settings, clock, database } = context;
  return {
    name: "batch",
    async begin() {
      const versions = await liveVersions(database);
      return { state: { versions, computedAt: clock.now().toISOString(), jobs: {}, lists: {} }, step: "count" };
    },
    async isDue(latest) {
      if (latest?.status === "Running" || !(await hasOrders(database))) return false;
      // A version that is newer than the lists makes them old at once.
      return isDueEvery(settings.batchIntervalHours, latest, clock.now()) || (await isOutdated(database, latest));
    },
    advance: (run) => STEPS[run.step as BatchStep](context, run),
  };
}

type BatchStep = "count" | "start" | "computing" | "write" | "clear away" | "regions";

type Step = (context: ApplicationContext, run: Run<BatchState>) => Promise<Advance<BatchState>>;

const STEPS: Readonly<Record<BatchStep, Step>> = {
  async count({ database }, { state }) {
    await refreshPopularProducts(database);
    await refreshBundles(database);
    return { state, step: Object.keys(state.versions).length > 0 ? "start" : undefined };
  },
  async start(context, { run_id, state }) {
    const roleArn = await ensureRole(context);
    const jobs: Partial<Record<CacheName, string>> = {};
    for (const cache of CACHES) {
      const solutionVersionArn = state.versions[SOLUTION_OF[cache]];
      if (solutionVersionArn === undefined) continue;
      const name = jobName(run_id, cache);
      const numResults = context.settings.listLength;
      jobs[cache] = await startBatch(
        context,
        { name, solutionVersionArn, roleArn, numResults },
        INPUTS[cache](context),
      );
    }
    return { state: { ...state, jobs, computedAt: context.clock.now().toISOString() }, step: "computing" };
  },
  async computing(context, { state }) {
    for (const arn of Object.values(state.jobs)) {
      if (!(await isBatchDone(context, arn))) return { state, step: "computing", afterMs: LOOK_MS };
    }
    return { state, step: "write" };
  },
  async write(context, { run_id, state }) {
    const lists: Partial<Record<CacheName, number>> = {};
    for (const cache of CACHES) {
      if (state.jobs[cache] === undefined) continue;
      lists[cache] = await fillCache(context, cache, {
        name: jobName(run_id, cache),
        computedAt: new Date(state.computedAt),
      });
    }
    return { state: { ...state, lists }, step: "clear away" };
  },
  async "clear away"(context, { run_id, state }) {
    for (const cache of CACHES) await deleteBatch(context, jobName(run_id, cache));
    return { state, step: "regions" };
  },
  async regions(context, { state }) {
    for (const { location, active_customers } of await listRegions(context)) {
      if (active_customers > 0) await sampleRegion(context, location, { seed: context.newSeed() });
    }
    return { state, step: undefined };
  },
};

function jobName(runId: string, cache: CacheName): string {
  return `${runId.slice(0, 8)}-cache-${cache}`;
}

/** The versions that answer now. */
export async function liveVersions(database: DatabaseConnection): Promise<Partial<Record<Solution, string>>> {
  const rows = await database.query<{ solution: Solution; arn: string }>(
    `select distinct on (solution) solution, solution_version_arn as arn from recommendations.model_versions
     where live_from is not null and live_until is null order by solution, live_from desc`,
  );
  return Object.fromEntries(rows.map(({ solution, arn }) => [solution, arn]));
}

async function isOutdated(database: DatabaseConnection, latest: Run<BatchState> | undefined): Promise<boolean> {
  if (latest?.status !== "Succeeded") return false;
  const versions = await liveVersions(database);
  return CACHES.some((cache) => versions[SOLUTION_OF[cache]] !== latest.state.versions[SOLUTION_OF[cache]]);
}

const INPUTS: Readonly<Record<CacheName, (context: ApplicationContext) => AsyncGenerator<BatchInput[]>>> = {
  async *users({ database, settings }) {
    const text = `select unified_customer_id as id from recommendations.customers
      where unified_customer_id > $1 and last_ordered_at > (select max(ordered_at) from recommendations.orders) - make_interval(days => $3::integer)
      order by 1 limit $2`;
    for await (const ids of pagesOf(database, text, [Math.round(settings.activeDays)]))
      yield ids.map((userId) => ({ userId }));
  },
  async *items({ database }) {
    const text = "select product_id as id from recommendations.products where product_id > $1 order by 1 limit $2";
    for await (const ids of pagesOf(database, text, [])) yield ids.map((itemId) => ({ itemId }));
  },
};

async function* pagesOf(
  database: DatabaseConnection,
  text: string,
  values: readonly unknown[],
): AsyncGenerator<string[]> {
  for (let after = ""; ; ) {
    const rows = await database.query<{ id: string }>(text, [after, PAGE, ...values]);
    if (rows.length > 0) yield rows.map(({ id }) => id);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}

interface Computed {
  readonly name: string;
  readonly computedAt: Date;
}

/** Writes the job's lists with their shown scores; returns how many. */
async function fillCache(
  context: ApplicationContext,
  cache: CacheName,
  { name, computedAt }: Computed,
): Promise<number> {
  let count = 0;
  let waiting = new Map<string, readonly { itemId: string; score?: number | undefined }[]>();
  const write = async (): Promise<void> => {
    const interactions = await countInteractions(context.database, cache, [...waiting.keys()]);
    const lists = new Map<string, CachedOffer[]>();
    for (const [id, items] of waiting) {
      const others = items.filter(({ itemId }) => itemId !== id);
      lists.set(id, withDisplayScores(others, interactions.get(id) ?? 0));
    }
    await writeCached(context.database, cache, lists, computedAt);
    count += lists.size;
    waiting = new Map();
  };
  for await (const { input, items } of readBatch(context, name)) {
    const id = cache === "users" ? input.userId : input.itemId;
    if (id === undefined || items.length === 0) continue;
    waiting.set(id, items);
    if (waiting.size >= LISTS_PER_WRITE) await write();
  }
  if (waiting.size > 0) await write();
  return count;
}

async function countInteractions(
  database: DatabaseConnection,
  cache: CacheName,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const key = cache === "users" ? "unified_customer_id" : "product_id";
  const rows = await database.query<{ id: string; lines: number }>(
    `select ${key} as id, count(*)::integer as lines from recommendations.order_items join recommendations.orders using (order_id)
     where ${key} = any($1) group by 1`,
    [ids],
  );
  return new Map(rows.map(({ id, lines }) => [id, lines]));
}
