import { DataError } from "@rondo/learn";
import type { ComponentChoice } from "../model/algorithms.ts";
import type { BlendPlan } from "../model/blend-plan.ts";
import type { LearnerName } from "../recipes/recipe.ts";
import { basketsOf } from "./baskets.ts";
import { holdOutItemQueries } from "./item-queries.ts";
import type { Learner } from "./learner.ts";
import { personalizationLearner } from "./personalization-learner.ts";
import { planBlend } from "./plan-blend.ts";
import { relatedCandidates } from "./related-candidates.ts";

/** What breaks ties of trends, and stands in where nothing rises. */
const WEIGHT_OF_POPULARITY = 0.01;
export const HOURS = { "30 minutes": 0.5, "1 hour": 1, "2 hours": 2, "3 hours": 3, "1 day": 24 } as const;
const DEFAULT_FREQUENCY = "2 hours";

/** The ways of learning that recipes name. */
export const learners: Readonly<Record<LearnerName, Learner>> = {
  personalization: personalizationLearner,
  segments: personalizationLearner,
  actions: {
    ...personalizationLearner,
    needsUsers: false,
    async plan(interactions, values, context) {
      try {
        return await personalizationLearner.plan(interactions, values, context);
      } catch (error) {
        // With next to no events nobody is left to judge by.
        if (error instanceof DataError) return fixedPlan({ algorithm: "popularity", parameters: {} });
        throw error;
      }
    },
  },
  popularity: {
    ...personalizationLearner,
    needsUsers: false,
    plan: async () => fixedPlan({ algorithm: "popularity", parameters: {} }),
  },
  trending: {
    ...personalizationLearner,
    needsUsers: false,
    async plan(_interactions, { trend_discovery_frequency: frequency = DEFAULT_FREQUENCY }) {
      const windowHours = HOURS[frequency as keyof typeof HOURS];
      const popular = fixedPlan({ algorithm: "popularity", parameters: {} }, WEIGHT_OF_POPULARITY).components;
      const trends = fixedPlan({ algorithm: "trending", parameters: { windowHours } });
      return { ...trends, components: [...trends.components, ...popular] };
    },
  },
  "co-occurrence": {
    needsUsers: true,
    validate: (interactions, _values, seed) => holdOutItemQueries(interactions, seed),
    plan: async (_interactions, values) =>
      fixedPlan({
        algorithm: "item-item",
        parameters: {
          similarity: "lift",
          popularityDiscount: Number(values["popularity_discount_factor"]),
          minimumCommonUsers: Number(values["min_cointeraction_count"]),
        },
      }),
  },
  "similar-items": {
    needsUsers: true,
    validate: (interactions, _values, seed) => holdOutItemQueries(interactions, seed),
    async plan(interactions, values, context) {
      const validation = this.validate(interactions, values, context.seed);
      return await planBlend(relatedCandidates(values, validation), validation, context);
    },
  },
  "bought-together": {
    needsUsers: true,
    arrange: basketsOf,
    validate: (interactions, _values, seed) => holdOutItemQueries(interactions, seed),
    plan: async () =>
      fixedPlan({
        algorithm: "item-item",
        parameters: { similarity: "lift", popularityDiscount: 0.5, minimumCommonUsers: 2 },
      }),
  },
};

function fixedPlan(choice: ComponentChoice, weight = 1): BlendPlan {
  return { components: [{ ...choice, weight, newItemsWeight: weight }], knownItems: "kept" };
}
