import type { Constraint, Constraints } from "@rondo/wire";

const REQUESTS = ["GetRecommendationsRequest", "GetPersonalizedRankingRequest", "GetActionRecommendationsRequest"];

const of = (member: string): string[] => REQUESTS.map((request) => `${request}.${member}`);

/** What AWS checks of all inputs, as its service model states it: each constraint with the members that have it. */
const CONSTRAINED: readonly (readonly [Constraint, readonly string[]])[] = [
  [
    { max: 256, pattern: String.raw`arn:([a-z\d-]+):personalize:.*:.*:.+` },
    [...of("campaignArn"), ...of("filterArn"), "GetRecommendationsRequest.recommenderArn", "Promotion.filterArn"],
  ],
  [{ max: 256 }, [...of("userId"), "GetRecommendationsRequest.itemId", "GetPersonalizedRankingRequest.inputList[]"]],
  [{ min: 0 }, ["GetRecommendationsRequest.numResults", "GetActionRecommendationsRequest.numResults"]],
  [{ max: 150 }, of("context")],
  [{ max: 150, pattern: String.raw`[A-Za-z\d_]+` }, of("context{key}")],
  [{ max: 1000 }, [...of("context{value}"), ...of("filterValues{value}"), "Promotion.filterValues{value}"]],
  [{ max: 25 }, [...of("filterValues"), "Promotion.filterValues"]],
  [{ max: 50, pattern: "[A-Za-z0-9_]+" }, [...of("filterValues{key}"), "Promotion.filterValues{key}"]],
  [{ max: 1 }, ["GetRecommendationsRequest.promotions"]],
  [{ min: 1, max: 63, pattern: String.raw`^[a-zA-Z0-9][a-zA-Z0-9\-_]*` }, ["Promotion.name"]],
  [{ min: 1, max: 100 }, ["Promotion.percentPromotedItems"]],
  [{ max: 256, pattern: String.raw`[A-Za-z\d_]+` }, of("metadataColumns{key}")],
  [{ max: 99 }, of("metadataColumns{value}")],
  [{ max: 150 }, of("metadataColumns{value}[]")],
];

export const personalizeRuntimeConstraints: Constraints = Object.fromEntries(
  CONSTRAINED.flatMap(([constraint, members]) => members.map((member) => [member, constraint])),
);
