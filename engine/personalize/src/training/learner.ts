import type { Interactions, TableFitContext } from "@rondo/learn";
import type { BlendPlan } from "../model/blend-plan.ts";
import type { ValidationSet } from "./validation-set.ts";

/** A recipe's parameters, both kinds, checked and with defaults. */
export type RecipeValues = Readonly<Record<string, string>>;

/** How a recipe comes from interactions to a blend: what it learns from, what it tries, and what that is judged by. */
export interface Learner {
  /** AWS wants users with several interactions, except where no user is looked at. */
  readonly needsUsers: boolean;
  /** What is learned from instead of the users' histories: their baskets. */
  arrange?(interactions: Interactions): Interactions;
  /** What parameters are tuned by. Throws DataError when nobody is left to judge by. */
  validate(interactions: Interactions, values: RecipeValues, seed: number): ValidationSet;
  /** Chooses the components and their weights. Throws DataError for interactions that cannot be learned from. */
  plan(interactions: Interactions, values: RecipeValues, context: TableFitContext): Promise<BlendPlan>;
}
