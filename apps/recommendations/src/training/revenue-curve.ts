import { createRandom, meanInterval } from "@rondo/statistics";
import { readProducts } from "../answers/present-answer.ts";
import type { DatabaseConnection } from "../database/database.ts";
import { rerank } from "../reranking/rerank.ts";
import { type JudgedList, ndcg, type RevenuePoint } from "./judgement.ts";

const WEIGHTS = [0, 0.1, 0.25, 0.5, 0.75, 1] as const;
const SHOWN = 10;

/** Re-ranks the judged lists by each weight and looks what of the first ten was bought, and for how much. */
export async function measureRevenueCurve(
  database: DatabaseConnection,
  lists: readonly JudgedList[],
  seed: number,
): Promise<RevenuePoint[]> {
  const products = await readProducts(database, [...new Set(lists.flatMap(({ recommended }) => recommended))]);
  const known = lists.map(({ recommended, wanted }) => ({
    wanted,
    products: recommended.flatMap((id) => products.get(id) ?? []),
  }));
  return WEIGHTS.map((revenue_weight) => {
    const shown = known.map(({ products: list, wanted }) => ({
      wanted,
      list: rerank(list, { revenue_weight, diversity: 0 }, SHOWN),
    }));
    const gains = shown.map(({ list, wanted }) =>
      ndcg({ wanted, recommended: list.map(({ product_id }) => product_id) }),
    );
    const revenues = shown.map(({ list, wanted }) =>
      list.reduce((sum, { product_id, price }) => sum + (wanted.has(product_id) ? price : 0), 0),
    );
    return {
      revenue_weight,
      ndcg_at_10: meanInterval(gains, { random: createRandom(seed) }),
      revenue_at_10: meanInterval(revenues, { random: createRandom(seed) }),
    };
  });
}
