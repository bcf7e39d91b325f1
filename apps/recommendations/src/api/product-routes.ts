import type { FastifyInstance } from "fastify";
import type { ApplicationContext } from "../application-context.ts";
import { readBundles } from "../bundles/bundles.ts";
import { unifyProductId } from "../orders/unify-id.ts";
import { answering } from "../web/http-error.ts";
import { numberParameter, readNumber } from "../web/query-number.ts";
import { PRODUCT_PROPERTIES } from "./offer-schema.ts";
import { listOf, PAGE_QUERY, type PageQuery, readPage } from "./page-query.ts";
import { listProducts } from "./shop-queries.ts";

const PRODUCT = {
  type: "object",
  required: ["product_id", "product_name", "price"],
  properties: PRODUCT_PROPERTIES,
} as const;

const BUNDLE = {
  type: "object",
  properties: {
    ...PRODUCT_PROPERTIES,
    lift: { type: "number", description: "How many times as often together as by chance" },
    confidence: { type: "number", description: "Of the orders with the product, the share with this one too" },
    orders_together: { type: "integer", description: "The support" },
    orders_product: { type: "integer" },
    orders_other: { type: "integer" },
    orders_total: { type: "integer" },
  },
} as const;

/** Products, and what is bought together. */
export function productRoutes({ database }: ApplicationContext): (scope: FastifyInstance) => void {
  return (scope) => {
    scope.get<{ Querystring: PageQuery }>(
      "/products",
      {
        schema: {
          summary: "Products by id",
          querystring: PAGE_QUERY,
          response: answering(listOf("products", PRODUCT)),
        },
      },
      async ({ query }) => ({ products: await listProducts(database, readPage(query)) }),
    );
    scope.get<{ Params: { product_id: string }; Querystring: { limit?: string } }>(
      "/products/:product_id/bundles",
      {
        schema: {
          summary: "What is frequently bought together with a product",
          querystring: { type: "object", properties: { limit: numberParameter("1 to 10; default 5") } },
          response: answering(listOf("bundles", BUNDLE)),
        },
      },
      async ({ params, query }) => {
        const limit = readNumber(["limit", query.limit], 5, { least: 1, most: 10, isWhole: true });
        const bundles = await readBundles(database, unifyProductId(params.product_id) ?? "", limit);
        return { bundles: bundles.map(({ other_id, ...bundle }) => ({ product_id: other_id, ...bundle })) };
      },
    );
  };
}
