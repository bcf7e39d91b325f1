import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { unifyCustomerId } from "../orders/unify-id.ts";
import { answering, HttpError } from "../web/http-error.ts";
import { PRODUCT_PROPERTIES } from "./offer-schema.ts";
import { listOf, PAGE_QUERY, type PageQuery, readPage } from "./page-query.ts";
import { listCustomers, readCustomer } from "./shop-queries.ts";

const CUSTOMER_PROPERTIES = {
  user_id: { type: "string" },
  location: { type: ["string", "null"] },
  orders: { type: "integer" },
  last_ordered_at: { type: "string", format: "date-time" },
} as const;

const CUSTOMER = {
  type: "object",
  properties: {
    ...CUSTOMER_PROPERTIES,
    purchases: {
      type: "array",
      description: "The newest 100 lines, newest first",
      items: {
        type: "object",
        properties: {
          ...PRODUCT_PROPERTIES,
          order_id: { type: "string" },
          quantity: { type: "number" },
          unit_price: { type: "number" },
          ordered_at: { type: "string", format: "date-time" },
        },
      },
    },
  },
} as const;

/** Customers and what they bought. */
export function customerRoutes({ database }: ApplicationContext): (scope: FastifyInstance) => void {
  return (scope) => {
    scope.get<{ Querystring: PageQuery & { location?: string } }>(
      "/customers",
      {
        schema: {
          summary: "Customers by id",
          querystring: {
            ...PAGE_QUERY,
            properties: { ...PAGE_QUERY.properties, location: { type: "string", maxLength: 1_000 } },
          },
          response: answering(listOf("customers", { type: "object", properties: CUSTOMER_PROPERTIES })),
        },
      },
      async ({ query }) => ({
        customers: await listCustomers(database, { ...readPage(query), location: query.location }),
      }),
    );
    scope.get<{ Params: { user_id: string } }>(
      "/customers/:user_id",
      { schema: { summary: "A customer and what he bought", response: answering(CUSTOMER) } },
      async ({ params }) => {
        const customer = await readCustomer(database, unifyCustomerId(params.user_id) ?? "");
        if (customer === undefined)
          throw new HttpError(404, "UnknownCustomer", `There is no customer ${params.user_id}.`);
        return customer;
      },
    );
  };
}
