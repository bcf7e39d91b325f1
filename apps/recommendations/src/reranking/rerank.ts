/** What re-ranking needs to know of a product in a list, which is in the order of the model. */
export interface RankedProduct {
  readonly product_id: string;
  readonly price: number;
  readonly category: string | null;
  readonly product_name: string;
}

/** How a list is re-ranked; with both 0 it stays. */
export interface Reranking {
  /** 0: by relevance alone, 1: by price alone. */
  readonly revenue_weight: number;
  /** 0: by score alone, 1: as different from each other as can be. */
  readonly diversity: number;
}

/** What re-ranking costs and gains on a list, against the list as it came. */
export interface RerankingEffect {
  /** Discounted relevance of the new list ÷ that of the old one. */
  readonly relevance_kept: number;
  /** Discounted relevance × price of the new list ÷ that of the old one, minus 1: what the first places bring in if relevance is the chance of a purchase. */
  readonly expected_revenue_gain: number;
  /** Mean difference of two products of the list, 0 to 1, before and after. */
  readonly diversity_before: number;
  readonly diversity_after: number;
}

/**
 * What a place in the model's list is worth: the discount of the cumulative gain. The model's scores would not do, since some recipes give none and
 * others a softmax of which the first place has nearly all.
 */
function relevanceAt(place: number): number {
  return 1 / Math.log2(place + 1);
}

/**
 * The first `count` of a list after weighing price against relevance, relevance^(1−w) · (price ÷ highest price)^w, and then difference against that score:
 * maximal marginal relevance, Carbonell and Goldstein, "The use of MMR" (SIGIR 1998), λ = 1 − diversity.
 */
export function rerank<Product extends RankedProduct>(
  products: readonly Product[],
  { revenue_weight, diversity }: Reranking,
  count: number,
): Product[] {
  if (revenue_weight === 0 && diversity === 0) return products.slice(0, count);
  const scores = revenueScores(products, revenue_weight);
  const chosen: Product[] = [];
  const left = new Map(products.map((product, index) => [product, scores[index] ?? 0]));
  const nearest = new Map<Product, number>();
  while (chosen.length < count && left.size > 0) {
    let best: Product | undefined;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const [product, score] of left) {
      const value = (1 - diversity) * score - diversity * (nearest.get(product) ?? 0);
      if (value > bestValue) [best, bestValue] = [product, value];
    }
    if (best === undefined) break;
    chosen.push(best);
    left.delete(best);
    for (const product of left.keys()) {
      nearest.set(product, Math.max(nearest.get(product) ?? 0, similarity(product, best)));
    }
  }
  return chosen;
}

function revenueScores(products: readonly RankedProduct[], weight: number): number[] {
  const highest = Math.max(...products.map(({ price }) => price), Number.MIN_VALUE);
  const scores = products.map(
    ({ price }, index) => relevanceAt(index + 1) ** (1 - weight) * (price / highest) ** weight,
  );
  const best = Math.max(...scores, Number.MIN_VALUE);
  return scores.map((score) => score / best);
}

/** Half for the same category, half for the words that the names share (Jaccard's index), 0 to 1. */
export function similarity(one: RankedProduct, two: RankedProduct): number {
  const words = (product: RankedProduct) => new Set(product.product_name.toLowerCase().split(/\W+/).filter(Boolean));
  const [of, other] = [words(one), words(two)];
  const common = [...of].filter((word) => other.has(word)).length;
  const jaccard = common / Math.max(1, of.size + other.size - common);
  return (one.category !== null && one.category === two.category ? 0.5 : 0) + jaccard / 2;
}

/** Compares the first places of a list before and after. */
export function rerankingEffect(before: readonly RankedProduct[], after: readonly RankedProduct[]): RerankingEffect {
  const old = before.slice(0, after.length);
  const places = new Map(before.map(({ product_id }, index) => [product_id, index + 1]));
  const relevanceOf = ({ product_id }: RankedProduct) =>
    relevanceAt(places.get(product_id) ?? Number.POSITIVE_INFINITY);
  const relevance = (list: readonly RankedProduct[]) => discounted(list, relevanceOf);
  const revenue = (list: readonly RankedProduct[]) =>
    discounted(list, (product) => relevanceOf(product) * product.price);
  return {
    relevance_kept: relevance(after) / (relevance(old) || 1),
    expected_revenue_gain: revenue(after) / (revenue(old) || 1) - 1,
    diversity_before: meanDifference(old),
    diversity_after: meanDifference(after),
  };
}

/** As in the discounted cumulative gain: the first place counts whole. */
function discounted(list: readonly RankedProduct[], gain: (product: RankedProduct) => number): number {
  return list.reduce((sum, product, index) => sum + gain(product) * relevanceAt(index + 1), 0);
}

function meanDifference(list: readonly RankedProduct[]): number {
  let sum = 0;
  for (const [index, one] of list.entries()) {
    for (const two of list.slice(index + 1)) sum += 1 - similarity(one, two);
  }
  const pairs = (list.length * (list.length - 1)) / 2;
  return pairs === 0 ? 0 : sum / pairs;
}
