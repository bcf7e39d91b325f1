import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { readProducts } from "../answers/present-answer.ts";
import type { ApplicationContext } from "../application-context.ts";
import type { EventDispatcher } from "../events/event-dispatcher.ts";
import { deliveryNow } from "../events/tracking-id.ts";
import { syncOrders } from "../orders/sync-orders.ts";
import { unifyProductId } from "../orders/unify-id.ts";
import { answering, HttpError } from "../web/http-error.ts";

const PURCHASE_BODY = {
  type: "object",
  required: ["user_id", "lines"],
  additionalProperties: false,
  properties: {
    user_id: { type: "string", minLength: 1, maxLength: 255 },
    lines: {
      type: "array",
      minItems: 1,
      maxItems: 100,
      items: {
        type: "object",
        required: ["product_id"],
        additionalProperties: false,
        properties: {
          product_id: { type: "string", minLength: 1, maxLength: 255 },
          quantity: { type: "integer", minimum: 1, maximum: 1_000 },
        },
      },
    },
  },
} as const;

const CLICK_BODY = {
  type: "object",
  required: ["recommendation_id", "product_id"],
  additionalProperties: false,
  properties: {
    recommendation_id: { type: "string", format: "uuid" },
    product_id: { type: "string", minLength: 1, maxLength: 255 },
  },
} as const;

export interface PurchaseRoutesOptions {
  readonly context: ApplicationContext;
  readonly dispatcher: Pick<EventDispatcher, "wake">;
  /** Writes what was shown but is not in the database yet. */
  readonly flushExposures: () => Promise<void>;
}

/** What a customer does in the shop's page: buys and clicks. */
export function purchaseRoutes(options: PurchaseRoutesOptions): (scope: FastifyInstance) => void {
  const { context, dispatcher, flushExposures } = options;
  const { database } = context;
  return (scope) => {
    scope.post<{ Body: { user_id: string; lines: { product_id: string; quantity?: number }[] } }>(
      "/purchases",
      {
        schema: {
          summary: "Buy, as the shop's page does: an order that comes in at once",
          body: PURCHASE_BODY,
          response: answering({ type: "object", properties: { order_id: { type: "string" } } }, 201),
        },
      },
      async ({ body }, reply) => {
        const order_id = await purchase(context, body);
        dispatcher.wake();
        return reply.code(201).send({ order_id });
      },
    );
    scope.post<{ Body: { recommendation_id: string; product_id: string } }>(
      "/clicks",
      { schema: { summary: "An offer was clicked", body: CLICK_BODY, response: answering({ type: "null" }, 204) } },
      async ({ body }, reply) => {
        await flushExposures();
        const product = unifyProductId(body.product_id) ?? "";
        const noted = await database.query(
          `insert into recommendations.clicks (recommendation_id, product_id, clicked_at)
           select recommendation_id, $2::text, $3 from recommendations.shown_recommendations where recommendation_id = $1 and product_ids ? $2::text
           on conflict (recommendation_id, product_id) do update set clicked_at = clicks.clicked_at returning product_id`,
          [body.recommendation_id, product, context.clock.now()],
        );
        if (noted.length === 0) {
          throw new HttpError(404, "UnknownOffer", `${product} was not shown in ${body.recommendation_id}.`);
        }
        return reply.code(204).send();
      },
    );
  };
}

/** Takes the purchase through the company's door; prices are the shop's. Throws HttpError 404 for an unknown product. */
async function purchase(
  context: ApplicationContext,
  {
    user_id,
    lines,
  }: { readonly user_id: string; readonly lines: readonly { product_id: string; quantity?: number }[] },
): Promise<string> {
  const { database, clock } = context;
  const quantities = new Map<string, number>();
  for (const { product_id, quantity = 1 } of lines) {
    const id = unifyProductId(product_id) ?? "";
    quantities.set(id, (quantities.get(id) ?? 0) + quantity);
  }
  const products = await readProducts(database, [...quantities.keys()]);
  const order_no = `shop-${randomUUID()}`;
  const now = clock.now();
  const bought = [...quantities].map(([sku, quantity]) => {
    const product = products.get(sku);
    if (product === undefined) throw new HttpError(404, "UnknownProduct", `There is no product ${sku}.`);
    return { sku, name: product.product_name, category: product.category, quantity, unit_price: product.price };
  });
  const order = { order_no, ordered_at: now.toISOString(), customer: { id: user_id }, lines: bought };
  const [stored] = await syncOrders(context, [order], { delivery: await deliveryNow(context), receivedAt: now });
  if (stored?.status !== "accepted") {
    throw new HttpError(422, "Refused", "Nothing of this order can be taken; GET /quarantine says why.");
  }
  return order_no;
}
