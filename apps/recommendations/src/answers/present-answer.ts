import type { DatabaseConnection } from "../database/database.ts";
import { type Reranking, type RerankingEffect, rerank, rerankingEffect } from "../reranking/rerank.ts";
import type { Answer } from "./answer.ts";
import type { CachedOffer } from "./display-score.ts";

/** An offer with what a page shows of the product. */
export interface PresentedOffer extends CachedOffer {
  readonly product_name: string;
  readonly category: string | null;
  readonly price: number;
}

export interface PresentedList {
  readonly offers: readonly PresentedOffer[];
  /** Null where nothing was re-ranked. */
  readonly reranking: (Reranking & RerankingEffect) | null;
}

/** Looks the products up, re-ranks where that is asked for, and cuts to `count`. Offers of products that the shop does not know are left out. */
export async function presentAnswer(
  database: DatabaseConnection,
  { offers }: Pick<Answer, "offers">,
  { count, reranking }: { readonly count: number; readonly reranking: Reranking },
): Promise<PresentedList> {
  const details = await readProducts(
    database,
    offers.map(({ product_id }) => product_id),
  );
  const known = offers.flatMap((offer) => {
    const product = details.get(offer.product_id);
    return product === undefined ? [] : [{ ...offer, ...product }];
  });
  const isReranked = reranking.revenue_weight > 0 || reranking.diversity > 0;
  if (!isReranked) return { offers: known.slice(0, count), reranking: null };
  const chosen = rerank(known, reranking, count);
  return { offers: chosen, reranking: { ...reranking, ...rerankingEffect(known, chosen) } };
}

/** What is shown of a product. */
export type ProductFacts = Pick<PresentedOffer, "product_id" | "product_name" | "category" | "price">;

export async function readProducts(
  database: DatabaseConnection,
  productIds: readonly string[],
): Promise<Map<string, ProductFacts>> {
  const rows = await database.query<ProductFacts>(
    "select product_id, product_name, category, price from recommendations.products where product_id = any($1)",
    [productIds],
  );
  return new Map(rows.map((row) => [row.product_id, row]));
}
