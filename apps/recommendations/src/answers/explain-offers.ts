import type { DatabaseConnection } from "../database/database.ts";
import type { Answer } from "./answer.ts";

/** Why a product is offered to a user, as far as the application can show it (P-49). */
export interface OfferReason {
  readonly kind: "similar_to_purchase" | "popular_in_region" | "popular" | "taste";
  /** For people. */
  readonly text: string;
  /** The purchase that it is similar to. */
  readonly because_of?: string;
}

/**
 * A reason for each offer: the purchase of the user's to which it is most similar, else that it is popular where the answer says so, else that the model
 * has found it. The model's own contributions are Personalize's to tell; these are what the shop's tables show.
 */
export async function explainOffers(
  database: DatabaseConnection,
  userId: string,
  { offers, source }: Pick<Answer, "offers" | "source">,
): Promise<Map<string, OfferReason>> {
  const ids = offers.map(({ product_id }) => product_id);
  const rows = await database.query<{ product_id: string; because_of: string; product_name: string }>(
    `select distinct on (near.product_id) near.product_id, bought.product_id as because_of, bought.product_name
     from (
       select item.product_id, product_name, max(ordered_at) as bought_at from recommendations.orders join recommendations.order_items as item using (order_id)
       join recommendations.products using (product_id) where unified_customer_id = $1 group by 1, 2
     ) as bought
     join recommendations.offline_similar_items as cached on cached.product_id = bought.product_id
     cross join lateral jsonb_to_recordset(cached.similar_products) as near (product_id text, score double precision)
     where near.product_id = any($2)
     order by near.product_id, near.score desc, bought_at desc`,
    [userId, ids],
  );
  const similar = new Map(rows.map((row) => [row.product_id, row]));
  return new Map(ids.map((id) => [id, reasonOf(similar.get(id), source)]));
}

function reasonOf(
  similar: { readonly because_of: string; readonly product_name: string } | undefined,
  source: Answer["source"],
): OfferReason {
  if (similar !== undefined) {
    const text = `Goes with ${similar.product_name}, which this customer has bought.`;
    return { kind: "similar_to_purchase", because_of: similar.because_of, text };
  }
  if (source === "popular_in_region")
    return { kind: "popular_in_region", text: "Many in this region have bought it recently." };
  if (source === "popular") return { kind: "popular", text: "Many have bought it recently." };
  return { kind: "taste", text: "Customers with similar purchases have bought it." };
}
