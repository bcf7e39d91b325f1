import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import type { EventDispatcher } from "../events/event-dispatcher.ts";
import { deliveryNow } from "../events/tracking-id.ts";
import { COMPANY_ORDERS_SCHEMA, type CompanyOrder } from "../orders/company-order.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { answering } from "../web/http-error.ts";

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

export interface OrderRoutesOptions {
  readonly context: ApplicationContext;
  readonly dispatcher: Pick<EventDispatcher, "wake">;
}

/** The company API (P-16): orders come in. */
export function orderRoutes({ context, dispatcher }: OrderRoutesOptions): (scope: FastifyInstance) => void {
  const { clock } = context;
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
        const stored = await syncOrders(context, body.orders, {
          delivery: await deliveryNow(context),
          receivedAt: clock.now(),
        });
        dispatcher.wake();
        return { orders: stored };
      },
    );
  };
}
