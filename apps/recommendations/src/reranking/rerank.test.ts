import assert from "node:assert/strict";
import { test } from "node:test";
import { type RankedProduct, rerank, rerankingEffect, similarity } from "./rerank.ts";

const PRODUCTS: readonly RankedProduct[] = [
  { product_id: "A", price: 1, category: "Bags", product_name: "RED BAG" },
  { product_id: "B", price: 2, category: "Bags", product_name: "BLUE BAG" },
  { product_id: "C", price: 10, category: "Lights", product_name: "LANTERN" },
  { product_id: "D", price: 100, category: "Home", product_name: "MIRROR" },
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
  // The places are worth 1, 0.63093, 0.5 and 0.43068: relevance (0.43068 + 0.5 · 0.63093) of (1 + 0.63093 · 0.63093), revenue with the prices.
  assert.ok(Math.abs(effect.relevance_kept - 0.74614 / 1.39807) < 1e-4, `${effect.relevance_kept}`);
  assert.ok(Math.abs(effect.expected_revenue_gain - (46.2223 / 1.79615 - 1)) < 1e-3, `${effect.expected_revenue_gain}`);
});

test("diversity puts something else between what is alike", () => {
  assert.equal(ids(rerank(PRODUCTS, { revenue_weight: 0, diversity: 0.5 }, 3)), "ACD");
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
