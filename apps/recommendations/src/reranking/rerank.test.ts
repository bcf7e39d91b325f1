import assert from "node:assert/strict";
import { test } from "node:test";
import { type RankedProduct, rerank, rerankingEffect, similarity } from "./rerank.ts";

const PRODUCTS: readonly RankedProduct[] = [
  { product_id: "A", relevance: 1, price: 1, category: "Bags", product_name: "RED BAG" },
  { product_id: "B", relevance: 0.9, price: 2, category: "Bags", product_name: "BLUE BAG" },
  { product_id: "C", relevance: 0.5, price: 10, category: "Lights", product_name: "LANTERN" },
  { product_id: "D", relevance: 0.1, price: 100, category: "Home", product_name: "MIRROR" },
];

const ids = (products: readonly RankedProduct[]) => products.map(({ product_id }) => product_id).join("");

test("without weights the list stays as it is", () => {
  assert.equal(ids(rerank(PRODUCTS, { revenue_weight: 0, diversity: 0 }, 3)), "ABC");
});

test("the slider goes from relevance to price, and what it costs is measured", () => {
  assert.equal(ids(rerank(PRODUCTS, { revenue_weight: 1, diversity: 0 }, 4)), "DCBA");
  const half = rerank(PRODUCTS, { revenue_weight: 0.5, diversity: 0 }, 2);
  const effect = rerankingEffect(PRODUCTS, half);
  assert.equal(ids(half), "DC");
  // Relevance: (0.1 + 0.5 / log2 3) of (1 + 0.9 / log2 3); revenue: (10 + 5 / log2 3) over (1 + 1.8 / log2 3).
  assert.ok(Math.abs(effect.relevance_kept - 0.41546 / 1.56784) < 1e-4, `${effect.relevance_kept}`);
  assert.ok(
    Math.abs(effect.expected_revenue_gain - (13.15465 / 2.13567 - 1)) < 1e-4,
    `${effect.expected_revenue_gain}`,
  );
});

test("diversity puts something else between what is alike", () => {
  assert.equal(ids(rerank(PRODUCTS, { revenue_weight: 0, diversity: 0.5 }, 3)), "ACB");
  const effect = rerankingEffect(PRODUCTS, rerank(PRODUCTS, { revenue_weight: 0, diversity: 0.9 }, 3));
  assert.ok(effect.diversity_after > effect.diversity_before);
  assert.ok(effect.relevance_kept < 1);
});

test("likeness is half the category and half the words", () => {
  const [red, blue, lantern] = PRODUCTS;
  assert.ok(red && blue && lantern);
  assert.equal(similarity(red, blue), 0.5 + 1 / 3 / 2);
  assert.equal(similarity(red, red), 1);
  assert.equal(similarity(red, lantern), 0);
});
