import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import type { StoreOptions } from "../orders/store-orders.ts";

type TrackerContext = Pick<ApplicationContext, "database"> & {
  readonly settings: Pick<ApplicationContext["settings"], "trackingId">;
};

/** Of the event tracker: the one of PERSONALIZE_TRACKING_ID (P-15), else the one that a training has made; undefined before. */
export async function readTrackingId({ database, settings }: TrackerContext): Promise<string | undefined> {
  return settings.trackingId ?? (await readFact(database, "tracker"))?.trackingId;
}

/** How Personalize is to learn of an order that comes in now: at once, or, before there is a tracker, with the export of the first training. */
export async function deliveryNow(context: TrackerContext): Promise<StoreOptions["delivery"]> {
  return (await readTrackingId(context)) === undefined ? "export" : "event";
}
