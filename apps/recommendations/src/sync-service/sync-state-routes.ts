import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { readFact } from "../database/facts.ts";
import { readOutbox } from "../events/outbox.ts";
import { latestRun } from "../runs/run-store.ts";
import type { SampleState } from "../sample/sample-run.ts";
import { answering } from "../web/http-error.ts";

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

/** How far the synchronisation is; both services show it. */
export function syncStateRoutes(context: Pick<ApplicationContext, "database">): (scope: FastifyInstance) => void {
  return (scope) => {
    scope.get(
      "/sync",
      { schema: { summary: "What is stored, what waits, and how far the sample is", response: answering(SYNC) } },
      () => readSync(context),
    );
  };
}

async function readSync({ database }: Pick<ApplicationContext, "database">) {
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
