import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import type { EventDispatcher } from "../events/event-dispatcher.ts";
import { readOutbox } from "../events/outbox.ts";
import { COMPANY_ORDERS_SCHEMA, type CompanyOrder } from "../orders/company-order.ts";
import { QUARANTINE_REASONS, type QuarantineReason } from "../orders/inspect-line.ts";
import { countQuarantine, listQuarantine } from "../orders/quarantine.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { latestRun } from "../runs/run-store.ts";
import type { SampleState } from "../sample/sample-run.ts";
import { answering } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";

const STORED = {
  description: "What became of each order, in their order; it is stored",
  type: "object",
  required: ["orders"],
  properties: {
    orders: {
      type: "array",
      items: {
        type: "object",
        required: ["order_id", "status", "accepted_lines", "quarantined_lines"],
        properties: {
          order_id: { type: "string" },
          status: {
            type: "string",
            enum: ["accepted", "known", "changed", "quarantined"],
            description: "known: was there before; changed: was there with other content, the first is kept",
          },
          accepted_lines: { type: "integer" },
          quarantined_lines: { type: "integer" },
        },
      },
    },
  },
} as const;

const QUARANTINE = {
  type: "object",
  required: ["lines_by_reason", "lines", "next_before"],
  properties: {
    lines_by_reason: { type: "object", additionalProperties: { type: "integer" } },
    next_before: { type: ["integer", "null"], description: "`before` of the next page; null: this was the last" },
    lines: {
      type: "array",
      items: {
        type: "object",
        required: ["quarantine_id", "order_id", "line_number", "reason", "detail"],
        properties: {
          quarantine_id: { type: "integer" },
          order_id: { type: "string" },
          line_number: { type: "integer", description: "From 1; 0 for the order as a whole" },
          reason: { type: "string", enum: QUARANTINE_REASONS },
          detail: { type: "string" },
          ordered_at: { type: "string" },
          received_at: { type: "string" },
          content: { type: "object", additionalProperties: true, description: "As the company sent it" },
        },
      },
    },
  },
} as const;

const SYNC = {
  type: "object",
  required: ["orders", "order_items", "products", "customers", "outbox", "sample"],
  properties: {
    orders: { type: "integer" },
    order_items: { type: "integer" },
    products: { type: "integer" },
    customers: { type: "integer" },
    outbox: {
      type: "object",
      description: "Purchase events that Personalize has not acknowledged yet",
      properties: {
        waiting: { type: "integer" },
        oldest_queued_at: { type: ["string", "null"] },
        last_error: { type: ["string", "null"] },
      },
    },
    sample: {
      type: ["object", "null"],
      description: "The orders that come with the application; null where there are none",
      properties: {
        status: { type: "string", enum: ["Running", "Succeeded", "Failed"] },
        done: { type: "integer" },
        orders: { type: "integer" },
        weeks_moved: { type: "integer", description: "Whole weeks by which the dates were moved" },
        failure_reason: { type: ["string", "null"] },
      },
    },
  },
} as const;

export interface SyncRoutesOptions {
  readonly context: ApplicationContext;
  readonly dispatcher: Pick<EventDispatcher, "wake">;
}

/** The company API (P-16): orders come in, and what was put aside can be looked at. */
export function syncRoutes({ context, dispatcher }: SyncRoutesOptions): (scope: FastifyInstance) => void {
  const { database, clock } = context;
  return (scope) => {
    scope.post<{ Body: { orders: CompanyOrder[] } }>(
      "/orders",
      {
        schema: {
          summary: "Take a batch of the company's orders; a batch may be sent again",
          body: COMPANY_ORDERS_SCHEMA,
          response: answering(STORED),
        },
      },
      async ({ body }) => {
        const stored = await syncOrders(context, body.orders, { delivery: "event", receivedAt: clock.now() });
        dispatcher.wake();
        return { orders: stored };
      },
    );
    scope.get<{ Querystring: { reason?: QuarantineReason; before?: string; limit?: string } }>(
      "/quarantine",
      {
        schema: {
          summary: "The lines that are not learned from, newest first",
          querystring: {
            type: "object",
            additionalProperties: false,
            properties: {
              reason: { type: "string", enum: QUARANTINE_REASONS },
              before: numberParameter("Lines older than this quarantine_id"),
              limit: numberParameter("1 to 500; default 50"),
            },
          },
          response: answering(QUARANTINE),
        },
      },
      async ({ query }) => {
        const limit = readNumber(["limit", query.limit], 50, { least: 1, most: 500, isWhole: true });
        const before = query.before === undefined ? undefined : Number(query.before);
        const lines = await listQuarantine(database, { reason: query.reason, before, limit });
        const next_before = lines.length === limit ? (lines.at(-1)?.quarantine_id ?? null) : null;
        return { lines_by_reason: await countQuarantine(database), lines, next_before };
      },
    );
    scope.get(
      "/sync",
      { schema: { summary: "What is stored, what waits, and how far the sample is", response: answering(SYNC) } },
      () => readSync(context),
    );
  };
}

async function readSync({ database }: ApplicationContext) {
  const [counts] = await database.query<Record<"orders" | "order_items" | "products" | "customers", number>>(
    `select (select count(*)::integer from recommendations.orders) as orders, (select count(*)::integer from recommendations.order_items) as order_items,
       (select count(*)::integer from recommendations.products) as products, (select count(*)::integer from recommendations.customers) as customers`,
  );
  const run = await latestRun<SampleState>(database, "sample");
  const fact = await readFact(database, "sample");
  const sample = run && {
    status: run.status,
    done: run.state.done,
    orders: run.state.orders,
    weeks_moved: fact?.weeksMoved ?? run.state.weeksMoved,
    failure_reason: run.failure_reason,
  };
  return { ...counts, outbox: await readOutbox(database), sample: sample ?? null };
}
