import { createRandom } from "@rondo/statistics";
import type { ApplicationContext } from "../application-context.ts";
import type { DatabaseConnection } from "../database/database.ts";

export type RegionContext = Pick<ApplicationContext, "database" | "clock" | "settings" | "newSeed">;

/** Users of a region, drawn at random from those who are active; the seed draws them again. */
export interface RegionSample {
  readonly location: string;
  readonly seed: number;
  readonly sample_size: number;
  readonly active_users: number;
  readonly user_ids: readonly string[];
  readonly sampled_at: Date;
}

/** How a sample is drawn; what is left out comes from the settings and from chance. */
export interface SampleOptions {
  readonly seed?: number | undefined;
  /** 0: all active users. */
  readonly size?: number | undefined;
}

/** `count` of the values, each set of them as likely as any other: the first steps of Fisher and Yates's shuffle. */
export function drawSample(values: readonly string[], count: number, seed: number): string[] {
  const random = createRandom(seed);
  const drawn = [...values];
  const size = Math.min(count, drawn.length);
  for (let index = 0; index < size; index++) {
    const other = index + Math.floor(random() * (drawn.length - index));
    [drawn[index], drawn[other]] = [drawn[other] ?? "", drawn[index] ?? ""];
  }
  return drawn.slice(0, size);
}

/** The stored sample, unless it is older than the cache may be, or another seed or size is asked for; then a new one is drawn and stored. */
export async function sampleRegion(
  context: RegionContext,
  location: string,
  options: SampleOptions = {},
): Promise<RegionSample> {
  const { database, clock, settings } = context;
  const [stored] = await database.query<RegionSample>(
    "select location, seed, sample_size, active_users, user_ids, sampled_at from recommendations.region_samples where location = $1",
    [location],
  );
  const freshSince = clock.now().getTime() - settings.cacheHours * 3_600_000;
  const size = options.size ?? settings.regionSampleSize;
  const isWanted = (options.seed === undefined || stored?.seed === options.seed) && stored?.sample_size === size;
  if (stored !== undefined && isWanted && stored.sampled_at.getTime() >= freshSince) return stored;
  return drawRegion(context, location, { seed: options.seed ?? context.newSeed(), size });
}

async function drawRegion(
  { database, clock, settings }: RegionContext,
  location: string,
  { seed, size }: { readonly seed: number; readonly size: number },
): Promise<RegionSample> {
  const active = await activeUsers(database, { location, activeDays: settings.activeDays });
  const user_ids = drawSample(active, size === 0 ? active.length : size, seed);
  const sampled_at = clock.now();
  const sample = { location, seed, sample_size: size, active_users: active.length, user_ids, sampled_at };
  await database.query(
    `insert into recommendations.region_samples (location, seed, sample_size, active_users, user_ids, sampled_at)
     values ($1, $2, $3, $4, $5::jsonb, $6)
     on conflict (location) do update set seed = excluded.seed, sample_size = excluded.sample_size,
       active_users = excluded.active_users, user_ids = excluded.user_ids, sampled_at = excluded.sampled_at`,
    [location, seed, size, active.length, JSON.stringify(user_ids), sampled_at],
  );
  return sample;
}

/** Ids of a region's customers who have bought within so many days of the shop's newest order, in a fixed order. */
async function activeUsers(
  database: DatabaseConnection,
  { location, activeDays }: { readonly location: string; readonly activeDays: number },
): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select unified_customer_id as id from recommendations.customers
     where location = $1 and last_ordered_at > (select max(ordered_at) from recommendations.orders) - make_interval(days => $2::integer)
     order by 1`,
    [location, Math.round(activeDays)],
  );
  return rows.map(({ id }) => id);
}
