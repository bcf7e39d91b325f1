import type { Database } from "../database/database.ts";

/** A purchase that Personalize has not acknowledged yet. */
export interface OutgoingEvent {
  readonly outbox_id: number;
  readonly event_id: string;
  readonly order_id: string;
  readonly unified_customer_id: string;
  readonly product_id: string;
  readonly quantity: number;
  readonly ordered_at: Date;
}

/** How long events that were taken are left to who has taken them: longer than the client tries. */
const CLAIM_MS = 60_000;
const MOST_CLAIMED = 500;

/** Takes the oldest events that nobody is sending, so that no transaction stays open while the network is waited for. */
export function claimEvents(database: Database, now: Date): Promise<OutgoingEvent[]> {
  return database.query<OutgoingEvent>(
    `update recommendations.event_outbox set claimed_until = $2, attempts = attempts + 1
     where outbox_id in (
       select outbox_id from recommendations.event_outbox where claimed_until <= $1 order by outbox_id limit $3
       for update skip locked)
     returning outbox_id, event_id, order_id, unified_customer_id, product_id, quantity, ordered_at`,
    [now, new Date(now.getTime() + CLAIM_MS), MOST_CLAIMED],
  );
}

/** They are Personalize's now. Customers of whom nothing waits any more may have their answers cached again, from `now` on. */
export async function confirmEvents(database: Database, events: readonly OutgoingEvent[], now: Date): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query("delete from recommendations.event_outbox where outbox_id = any($1)", [
      events.map(({ outbox_id }) => outbox_id),
    ]);
    const customers = [...new Set(events.map(({ unified_customer_id }) => unified_customer_id))].toSorted();
    await transaction.query(
      `update recommendations.customers as customer set last_event_at = $2
       where unified_customer_id = any($1) and not exists (
         select 1 from recommendations.event_outbox as waiting where waiting.unified_customer_id = customer.unified_customer_id)`,
      [customers, now],
    );
  });
}

/** They were not taken: they are sent again after `retryAt`. */
export async function releaseEvents(
  database: Database,
  events: readonly OutgoingEvent[],
  { reason, retryAt }: { readonly reason: string; readonly retryAt: Date },
): Promise<void> {
  await database.query(
    "update recommendations.event_outbox set claimed_until = $2, last_error = $3 where outbox_id = any($1)",
    [events.map(({ outbox_id }) => outbox_id), retryAt, reason],
  );
}

export interface OutboxState {
  /** Events that wait. */
  readonly waiting: number;
  readonly oldest_queued_at: Date | null;
  readonly last_error: string | null;
}

export async function readOutbox(database: Pick<Database, "query">): Promise<OutboxState> {
  const [row] = await database.query<OutboxState>(
    `select count(*)::integer as waiting, min(queued_at) as oldest_queued_at,
       (select last_error from recommendations.event_outbox where last_error is not null order by outbox_id limit 1) as last_error
     from recommendations.event_outbox`,
  );
  return row ?? { waiting: 0, oldest_queued_at: null, last_error: null };
}
