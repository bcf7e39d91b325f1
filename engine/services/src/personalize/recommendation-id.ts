import { createHash, randomUUID } from "node:crypto";

const PREFIX = "RID-";
const MARK_DIGITS = 8;

/**
 * A recommendationId of a campaign or recommender: `RID-` and a UUID whose first 8 digits tell who answered, so that an event which names it is attributed without
 * a table of all answers.
 */
export function newRecommendationId(answererArn: string): string {
  return `${PREFIX}${markOf(answererArn)}${randomUUID().slice(MARK_DIGITS)}`;
}

/** Finds who gave a recommendationId among campaigns and recommenders. */
export function createAnswererFinder(
  answererArns: readonly string[],
): (recommendationId: string) => string | undefined {
  const byMark = new Map(answererArns.map((arn) => [markOf(arn), arn]));
  return (recommendationId) =>
    recommendationId.startsWith(PREFIX)
      ? byMark.get(recommendationId.slice(PREFIX.length, PREFIX.length + MARK_DIGITS))
      : undefined;
}

function markOf(arn: string): string {
  return createHash("sha256").update(arn).digest("hex").slice(0, MARK_DIGITS);
}
