import type { Learner, RecipeValues } from "./learner.ts";
import { personalizationCandidates } from "./personalization-candidates.ts";
import { LEAST_REPEATS, planBlend } from "./plan-blend.ts";
import { holdOutForValidation, type ValidationSet } from "./validation-set.ts";

/** Users at most on whom components and weights are chosen. */
const JUDGED_USERS = 1500;
/** AWS's default of hidden_dimension, for which the factorisation has as many factors as here. */
const DEFAULT_DIMENSION = 149;
const DEFAULT_FACTORS = 64;
/** AWS's default of bptt, for which the sequential component looks at as many events as here. */
const DEFAULT_STEPS = 32;
const DEFAULT_WINDOW = 10;

/** The blend of user personalization; rankings, segments and actions learn the same way. */
export const personalizationLearner: Learner = {
  needsUsers: true,
  validate: (interactions, _values, seed) => holdOutForValidation(interactions, { seed, users: JUDGED_USERS }),
  async plan(interactions, values, context) {
    const validation = this.validate(interactions, values, context.seed);
    return await planBlend(personalizationCandidates(optionsOf(values, validation)), validation, context);
  },
};

function optionsOf(values: RecipeValues, { choice, repeats, known }: ValidationSet) {
  const { hidden_dimension: dimension, bptt, recency_mask: mask = "True", apply_recency_bias: bias = "true" } = values;
  return {
    factors: Math.round((Number(dimension ?? DEFAULT_DIMENSION) * DEFAULT_FACTORS) / DEFAULT_DIMENSION),
    window: Math.max(1, Math.round((Number(bptt ?? DEFAULT_STEPS) * DEFAULT_WINDOW) / DEFAULT_STEPS)),
    recency: mask === "True" && bias === "true",
    heldOut: choice,
    hasRepeats: repeats >= LEAST_REPEATS,
    hasFeatures: known.itemFeatures !== undefined,
  };
}
