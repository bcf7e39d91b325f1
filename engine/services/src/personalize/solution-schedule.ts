import type { SolutionBody } from "./solution-body.ts";
import { readSchedule } from "./solution-config.ts";

const DAY_MS = 86_400_000;
/** AWS begins within an hour, and not at all when somebody creates a version by then. Who does so does it at once. */
const FIRST_TRAINING_MS = 600_000;

/** When a solution that is created now trains by itself for the first time. */
export function firstTraining(createdAt: Date): Date {
  return new Date(createdAt.getTime() + FIRST_TRAINING_MS);
}

/** When the solution trains by itself next; undefined when it does not. May have passed. */
export function nextTraining(
  { performAutoTraining, solutionConfig, lastScheduledAt }: SolutionBody,
  createdAt: Date,
): Date | undefined {
  if (!performAutoTraining) return undefined;
  if (lastScheduledAt === undefined) return firstTraining(createdAt);
  const days = readSchedule(solutionConfig.autoTrainingConfig?.schedulingExpression);
  return new Date(Date.parse(lastScheduledAt) + days * DAY_MS);
}
