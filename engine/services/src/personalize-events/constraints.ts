import type { Constraint, Constraints } from "@rondo/wire";

/** What AWS checks of all inputs, as its service model states it: each constraint with the members that have it. */
const CONSTRAINED: readonly (readonly [Constraint, readonly string[]])[] = [
  [
    { min: 1, max: 256 },
    [
      "Action.actionId",
      "ActionInteraction.actionId",
      "ActionInteraction.eventId",
      "ActionInteraction.eventType",
      "ActionInteraction.impression[]",
      "ActionInteraction.sessionId",
      "ActionInteraction.userId",
      "Event.eventId",
      "Event.eventType",
      "Event.impression[]",
      "Event.itemId",
      "Item.itemId",
      "PutActionInteractionsRequest.trackingId",
      "PutEventsRequest.sessionId",
      "PutEventsRequest.trackingId",
      "PutEventsRequest.userId",
      "User.userId",
    ],
  ],
  [
    { min: 1, max: 10 },
    [
      "PutActionInteractionsRequest.actionInteractions",
      "PutActionsRequest.actions",
      "PutEventsRequest.eventList",
      "PutItemsRequest.items",
      "PutUsersRequest.users",
    ],
  ],
  [
    { max: 256, pattern: String.raw`arn:([a-z\d-]+):personalize:.*:.*:.+` },
    ["PutActionsRequest.datasetArn", "PutItemsRequest.datasetArn", "PutUsersRequest.datasetArn"],
  ],
  [{ min: 1, max: 1024 }, ["ActionInteraction.properties", "Event.properties"]],
  [{ min: 1, max: 32_000 }, ["Action.properties", "Item.properties"]],
  [{ min: 1, max: 24_000 }, ["User.properties"]],
  [{ min: 1, max: 40 }, ["ActionInteraction.recommendationId", "Event.recommendationId"]],
  [{ min: 1, max: 25 }, ["ActionInteraction.impression", "Event.impression"]],
  [
    { max: 1024, pattern: String.raw`^[\x20-\x7E]*[\x21-\x7E]+[\x20-\x7E]*$` },
    ["MetricAttribution.eventAttributionSource"],
  ],
  [{ isFractional: true }, ["Event.eventValue"]],
];

export const personalizeEventsConstraints: Constraints = Object.fromEntries(
  CONSTRAINED.flatMap(([constraint, members]) => members.map((member) => [member, constraint])),
);
