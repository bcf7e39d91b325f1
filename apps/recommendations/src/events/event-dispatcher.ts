import { setTimeout as pause } from "node:timers/promises";
import { type PersonalizeEventsClient, PutEventsCommand } from "@aws-sdk/client-personalize-events";
import type { Clock } from "../application-context.ts";
import type { Database } from "../database/database.ts";
import { describeFailure, isTransient } from "../is-transient.ts";
import type { RecommendationsSettings } from "../settings.ts";
import { claimEvents, confirmEvents, type OutgoingEvent, releaseEvents } from "./outbox.ts";
import { readTrackingId } from "./tracking-id.ts";

export interface DispatcherContext {
  readonly database: Database;
  readonly events: Pick<PersonalizeEventsClient, "send">;
  readonly clock: Clock;
  readonly settings: Pick<RecommendationsSettings, "trackingId">;
  readonly onFault: (error: unknown) => void;
  /** Told whose purchases Personalize has taken. */
  readonly onSent?: (userIds: readonly string[]) => void;
}

/** Sends what is in the outbox. */
export interface EventDispatcher {
  /** There is something new. */
  wake(): void;
  /** Leaves what waits to the next start. */
  close(): Promise<void>;
}

/** PutEvents takes no more. */
const EVENTS_PER_CALL = 10;
const CALLS_AT_ONCE = 4;
const LOOK_MS = 2_000;
/** What Personalize does not take for reasons that trying again soon does not mend: a tracker that is gone, say. */
const REFUSED_RETRY_MS = 60_000;
const TRANSIENT_RETRY_MS = 2_000;

/** Sends purchases as soon as their order is stored (P-15, P-21). Several processes may do so at once. */
export function startEventDispatcher(context: DispatcherContext): EventDispatcher {
  const closing = new AbortController();
  let woken = Promise.withResolvers<void>();
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const { promise } = woken;
      const sent = await sendOutbox(context, closing.signal).catch((error: unknown) => {
        if (!closing.signal.aborted && !isTransient(error)) context.onFault(error);
        return 0;
      });
      if (sent > 0) continue;
      const look = new AbortController();
      const rest = pause(LOOK_MS, undefined, { signal: look.signal, ref: false }).catch(() => undefined);
      await Promise.race([promise, rest]);
      look.abort();
      woken = Promise.withResolvers();
    }
  }
  const running = run();
  return {
    wake: () => woken.resolve(),
    async close() {
      closing.abort(new Error("The application is closing."));
      woken.resolve();
      await running;
    },
  };
}

/** Sends one claim's worth of events; returns how many Personalize has acknowledged. Without a tracker they wait. */
export async function sendOutbox(context: DispatcherContext, signal: AbortSignal): Promise<number> {
  const { database, clock } = context;
  const trackingId = await readTrackingId(context);
  if (trackingId === undefined) return 0;
  const calls = toCalls(await claimEvents(database, clock.now()));
  let sent = 0;
  for (let index = 0; index < calls.length; index += CALLS_AT_ONCE) {
    const batch = calls.slice(index, index + CALLS_AT_ONCE);
    const outcomes = await Promise.all(batch.map((events) => sendOne(context, { trackingId, events, signal })));
    sent += outcomes.reduce((sum, count) => sum + count, 0);
  }
  return sent;
}

/** Events of one order together, at most ten a call; the order is the session. */
function toCalls(events: readonly OutgoingEvent[]): OutgoingEvent[][] {
  const byOrder = Map.groupBy(
    events.toSorted((one, two) => one.outbox_id - two.outbox_id),
    ({ order_id }) => order_id,
  );
  return [...byOrder.values()].flatMap((ofOrder) =>
    Array.from({ length: Math.ceil(ofOrder.length / EVENTS_PER_CALL) }, (_, call) =>
      ofOrder.slice(call * EVENTS_PER_CALL, (call + 1) * EVENTS_PER_CALL),
    ),
  );
}

interface Call {
  readonly trackingId: string;
  readonly events: readonly OutgoingEvent[];
  readonly signal: AbortSignal;
}

async function sendOne(context: DispatcherContext, { trackingId, events, signal }: Call): Promise<number> {
  const { database, clock } = context;
  const [first] = events;
  if (first === undefined) return 0;
  try {
    await context.events.send(
      new PutEventsCommand({
        trackingId,
        userId: first.unified_customer_id,
        sessionId: first.order_id,
        eventList: events.map(({ event_id, product_id, quantity, ordered_at }) => ({
          eventId: event_id,
          eventType: "purchase",
          eventValue: quantity,
          itemId: product_id,
          sentAt: ordered_at,
        })),
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    const waitMs = isTransient(error) ? TRANSIENT_RETRY_MS : REFUSED_RETRY_MS;
    const retryAt = new Date(clock.now().getTime() + waitMs);
    await releaseEvents(database, events, { reason: describeFailure(error), retryAt });
    return 0;
  }
  await confirmEvents(database, events, clock.now());
  context.onSent?.([first.unified_customer_id]);
  return events.length;
}
