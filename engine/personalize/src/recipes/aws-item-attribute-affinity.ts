import { awsItemAffinity } from "./aws-item-affinity.ts";
import type { Recipe } from "./recipe.ts";

/** The users whom the personal scores of all items with some attributes are highest for. */
export const awsItemAttributeAffinity = {
  ...awsItemAffinity,
  name: "aws-item-attribute-affinity",
  description: "The users with the highest affinity to the items with the attributes of a batch segment job's query.",
  algorithm: "aws-item-attribute-affinity",
  featureTransformation: "item-attribute-affinity",
  data: { required: ["Interactions", "Items"], optional: ["Users"] },
} as const satisfies Recipe;
