import type { CachedOffer } from "../answers/display-score.ts";
import { type MatchRate, matchRate } from "./affinity.ts";
import { type RegionContext, type RegionSample, type SampleOptions, sampleRegion } from "./region-sample.ts";

/** A product that was recommended to users of a region. */
export interface RegionalProduct extends MatchRate {
  readonly product_id: string;
  readonly product_name: string;
  readonly category: string | null;
  /** Mean shown score among the users who received it. */
  readonly mean_score: number;
}

/** What a region is offered, by a sample of its users (P-29). */
export interface RegionalView {
  readonly location: string;
  readonly sample: Omit<RegionSample, "user_ids" | "location"> & {
    readonly n: number;
    /** Sampled users whose list is in the cache; the others count as not reached. */
    readonly with_recommendations: number;
  };
  /** Most matched first. */
  readonly products: readonly RegionalProduct[];
}

export interface RegionalOptions extends SampleOptions {
  /** How many of a user's list count as received. */
  readonly listLength: number;
  /** How many products are returned. */
  readonly limit: number;
}

/** Samples the region's active users, looks their lists up in the cache and counts what they have in common. */
export async function readRegionalView(
  context: RegionContext,
  location: string,
  options: RegionalOptions,
): Promise<RegionalView> {
  const { user_ids, location: _, ...sample } = await sampleRegion(context, location, options);
  const lists = await readLists(context, user_ids);
  const reached = new Map<string, { users: number; score: number }>();
  for (const offers of lists) {
    for (const { product_id, score } of offers.slice(0, options.listLength)) {
      const { users, score: sum } = reached.get(product_id) ?? { users: 0, score: 0 };
      reached.set(product_id, { users: users + 1, score: sum + score });
    }
  }
  const most = [...reached]
    .toSorted(([one, a], [two, b]) => b.users - a.users || b.score - a.score || (one < two ? -1 : 1))
    .slice(0, options.limit);
  const names = await readNames(
    context,
    most.map(([id]) => id),
  );
  return {
    location,
    sample: { ...sample, n: user_ids.length, with_recommendations: lists.length },
    products: most.map(([product_id, { users, score }]) => ({
      product_id,
      product_name: names.get(product_id)?.product_name ?? product_id,
      category: names.get(product_id)?.category ?? null,
      mean_score: score / users,
      ...matchRate(users, user_ids.length),
    })),
  };
}

async function readLists(
  { database, clock, settings }: RegionContext,
  userIds: readonly string[],
): Promise<(readonly CachedOffer[])[]> {
  // What the cache may still answer with when Personalize is away counts as well, but nothing older than that.
  const since = new Date(clock.now().getTime() - 2 * settings.cacheHours * 3_600_000);
  const rows = await database.query<{ offers: CachedOffer[] }>(
    `select recommendations as offers from recommendations.offline_user_recommendations
     where user_id = any($1) and updated_at at time zone 'UTC' >= $2`,
    [userIds, since],
  );
  return rows.map(({ offers }) => offers);
}

async function readNames({ database }: RegionContext, productIds: readonly string[]) {
  const rows = await database.query<{ product_id: string; product_name: string; category: string | null }>(
    "select product_id, product_name, category from recommendations.products where product_id = any($1)",
    [productIds],
  );
  return new Map(rows.map((row) => [row.product_id, row]));
}

/** A region and its customers. */
export interface Region {
  readonly location: string;
  readonly customers: number;
  readonly active_customers: number;
}

/** All regions, the largest first. */
export function listRegions({ database, settings }: Pick<RegionContext, "database" | "settings">): Promise<Region[]> {
  return database.query<Region>(
    `select location, count(*)::integer as customers, count(*) filter (
       where last_ordered_at > (select max(ordered_at) from recommendations.orders) - make_interval(days => $1::integer))::integer as active_customers
     from recommendations.customers where location is not null group by 1 order by 3 desc, 1 limit 1000`,
    [Math.round(settings.activeDays)],
  );
}
