import type { EventSelection, EventWeight } from "../model/event-selection.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { TrainingRequest } from "./training-request.ts";

/** What AWS gives events without a weight of their own in `eventsConfig`. */
const DEFAULT_WEIGHT = 1;

/**
 * Which events a solution learns from: those of `eventsConfig` with their weights, or of `eventType`, or of the types of a domain's use case, or all; and
 * of these only the ones that reach their threshold.
 */
export function selectEvents(
  { eventType, solutionConfig }: Pick<TrainingRequest, "eventType" | "solutionConfig">,
  { data }: Recipe,
  hasTypes: boolean,
): EventSelection {
  const { eventValueThreshold, eventsConfig } = solutionConfig;
  const configured = (eventsConfig?.eventParametersList ?? []).flatMap((parameters): [string, EventWeight][] => {
    const { eventType: name, eventValueThreshold: threshold, weight = DEFAULT_WEIGHT } = parameters;
    if (name === undefined || !(weight > 0)) return [];
    return [[name.toLowerCase(), { weight, ...(threshold !== undefined && { valueThreshold: threshold }) }]];
  });
  const chosen = eventType === undefined ? (hasTypes ? data.eventTypes : undefined) : [eventType];
  const listed = chosen?.map((name): [string, EventWeight] => [name.toLowerCase(), { weight: DEFAULT_WEIGHT }]);
  const types = configured.length > 0 ? configured : listed;
  return {
    ...(types && { types: Object.fromEntries(types) }),
    ...(eventValueThreshold !== undefined && { valueThreshold: Number(eventValueThreshold) }),
  };
}
