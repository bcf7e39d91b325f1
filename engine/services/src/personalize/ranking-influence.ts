import { awsError } from "@rondo/wire";

/** Throws InvalidInputException: popularity and freshness are weighed by the training here, not by the campaign. */
export function refuseRankingInfluence(rankingInfluence: object | undefined): void {
  if (rankingInfluence === undefined || Object.keys(rankingInfluence).length === 0) return;
  throw awsError("InvalidInputException", "rankingInfluence is not supported: leave it out.");
}
