import { ANSWER_SOURCES } from "../answers/answer.ts";

const NUMBER_OR_NULL = { type: ["number", "null"] } as const;

export const PRODUCT_PROPERTIES = {
  product_id: { type: "string" },
  product_name: { type: "string" },
  category: { type: ["string", "null"] },
  price: { type: "number" },
} as const;

const OFFER = {
  type: "object",
  required: ["product_id", "product_name", "price", "score", "relevance", "confidence"],
  properties: {
    ...PRODUCT_PROPERTIES,
    score: { type: "number", description: "0 to 1: confidence × relevance" },
    raw_score: { ...NUMBER_OR_NULL, description: "Personalize's own, null where it gives none" },
    relevance: { type: "number", description: "Score ÷ the list's highest; 1 ÷ place where there are no scores" },
    confidence: { type: "number", description: "n ÷ (n + 5), n = interactions of the user or product" },
    reason: {
      type: "object",
      properties: {
        kind: { type: "string", enum: ["similar_to_purchase", "popular_in_region", "popular", "taste"] },
        text: { type: "string" },
        because_of: { type: "string", description: "The purchase that it is similar to" },
      },
    },
  },
} as const;

/** What every answer with recommendations has. */
export const ANSWER_PROPERTIES = {
  source: {
    type: "string",
    enum: ANSWER_SOURCES,
    description: "Where it comes from; the last three are fallbacks",
  },
  fallback_reason: { type: ["string", "null"], description: "Why it is not from the cache" },
  computed_at: { type: "string", format: "date-time" },
  recommendations: { type: "array", items: OFFER },
} as const;

export const RERANKING = {
  type: ["object", "null"],
  description: "What re-ranking has cost and gained on this list; null without",
  properties: {
    revenue_weight: { type: "number" },
    diversity: { type: "number" },
    relevance_kept: { type: "number", description: "Discounted relevance, new ÷ old" },
    expected_revenue_gain: { type: "number", description: "Discounted relevance × price, new ÷ old − 1" },
    diversity_before: { type: "number" },
    diversity_after: { type: "number" },
  },
} as const;

export const ANSWER_REQUIRED = ["source", "fallback_reason", "computed_at", "recommendations"] as const;
