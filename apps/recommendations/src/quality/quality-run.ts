import { removeOldLists } from "../answers/cache.ts";
import type { ApplicationContext } from "../application-context.ts";
import { isDueEvery, type RunKind } from "../runs/run.ts";
import { hasOrders } from "../sample/has-orders.ts";
import { readDataQuality } from "./data-quality.ts";
import { measureDrift } from "./drift.ts";
import { refreshFences } from "./refresh-fences.ts";

/** So long the lists that were shown, and the quality's reports, are kept. */
const KEPT_DAYS = 120;
/** Lists of whom nobody has asked for since are of no use even when Personalize is away. */
const LISTS_KEPT_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

/** Looks at data and drift by schedule, keeps what it finds, and clears away what is old. */
export function qualityRun(context: ApplicationContext): RunKind<Record<string, never>> {
  const { database, clock, settings } = context;
  return {
    name: "quality",
    begin: () => ({ state: {}, step: "measure" }),
    isDue: async (latest) =>
      isDueEvery(settings.qualityIntervalHours, latest, clock.now()) && (await hasOrders(database)),
    async advance(run) {
      await refreshFences(context);
      const data = await readDataQuality(context);
      const drift = await measureDrift(context);
      const now = clock.now();
      await database.query(
        `insert into recommendations.quality_reports (run_id, reported_at, data, drift) values ($1, $2, $3::jsonb, $4::jsonb)
         on conflict (run_id) do nothing`,
        [run.run_id, now, JSON.stringify(data), drift === undefined ? null : JSON.stringify(drift)],
      );
      const old = new Date(now.getTime() - KEPT_DAYS * DAY_MS);
      await removeOldLists(database, new Date(now.getTime() - LISTS_KEPT_DAYS * DAY_MS));
      await database.query("delete from recommendations.shown_recommendations where shown_at < $1", [old]);
      await database.query("delete from recommendations.quality_reports where reported_at < $1", [old]);
      await database.query("delete from recommendations.runs where status <> 'Running' and started_at < $1", [old]);
      return { state: {}, step: undefined };
    },
  };
}
