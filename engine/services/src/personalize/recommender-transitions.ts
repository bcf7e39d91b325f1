import type { ResourcePatch } from "@rondo/store";
import { isPending } from "./campaign-body.ts";
import type { Recommender, RecommenderBody, RecommenderUpdate } from "./recommender-body.ts";
import type { SolutionVersion } from "./solution-body.ts";

const DAY_MS = 86_400_000;
/** AWS retrains the models of recommenders every seven days. */
const RETRAINING_MS = 7 * DAY_MS;

type Patch = ResourcePatch<RecommenderBody>;

/** What a recommender becomes by what happens to it. */
export function createRecommenderTransitions(clock: { now(): Date }) {
  const inFuture = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds);

  /** The update with another status. */
  function progressed(update: RecommenderUpdate, status: RecommenderUpdate["status"]): RecommenderUpdate {
    return { ...update, status, updatedAt: clock.now().toISOString() };
  }

  /** ACTIVE, with what its update asks for: that is done. */
  function active(body: RecommenderBody): Patch {
    const { update } = body;
    const isDone = update !== undefined && isPending(update);
    const changed = isDone ? { update: progressed(update, "ACTIVE"), recommenderConfig: update.recommenderConfig } : {};
    return { status: "ACTIVE", body: { ...body, ...changed }, due: nextTraining(body) };
  }

  /** ACTIVE with the model of a training. */
  function trained({ body }: Recommender, { arn, body: training }: SolutionVersion, modelUri: string): Patch {
    const { training: _ended, failureReason: _former, ...rest } = body;
    const { startedAt, metrics } = training;
    const live = { solutionVersionArn: arn, recipeArn: body.recipeArn, modelUri };
    // Due at once, to sweep what the former model leaves.
    const next = active({
      ...rest,
      live,
      ...(startedAt && { trainedAt: startedAt }),
      ...(metrics && { modelMetrics: metrics }),
    });
    return { ...next, due: "now" };
  }

  /** A recommender that answers goes on with the model that it has. */
  function failed({ status, body }: Recommender, failureReason: string): Patch {
    const { training: _ended, update, ...rest } = body;
    if (body.live === undefined) return { status: "CREATE FAILED", body: { ...rest, failureReason }, due: null };
    if (update !== undefined && isPending(update)) {
      const ended = { ...progressed(update, "CREATE FAILED"), failureReason };
      return { status, body: { ...rest, update: ended }, due: nextTraining(body) };
    }
    // Of a retraining: tomorrow it is tried again.
    return { status, body: { ...rest, ...(update && { update }) }, due: inFuture(DAY_MS) };
  }

  function nextTraining({ trainedAt }: RecommenderBody): Date | null {
    return trainedAt === undefined ? null : new Date(Date.parse(trainedAt) + RETRAINING_MS);
  }

  return { active, trained, failed, progressed, nextTraining, tomorrow: () => inFuture(DAY_MS) };
}
