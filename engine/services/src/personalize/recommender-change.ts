import type {
  DeleteRecommenderRequest,
  StartRecommenderRequest,
  StartRecommenderResponse,
  StopRecommenderRequest,
  StopRecommenderResponse,
  UpdateRecommenderRequest,
  UpdateRecommenderResponse,
} from "@aws-sdk/client-personalize";
import type { ResourcePatch } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { isPending } from "./campaign-body.ts";
import { type PersonalizeStore, requirePersonalize } from "./personalize-resource.ts";
import { requireRecipe } from "./recipe.ts";
import type { Recommender, RecommenderBody } from "./recommender-body.ts";
import { checkRecommenderConfig } from "./recommender-config.ts";

export interface RecommenderChangeDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
}

interface Change {
  /** The statuses in which it is allowed. */
  readonly from: readonly string[];
  readonly to: (recommender: Recommender) => ResourcePatch<RecommenderBody>;
}

/** UpdateRecommender, StartRecommender, StopRecommender and DeleteRecommender: each writes what is wanted, and the kind does it. */
export function createRecommenderChangeOperations({ sql, resources, clock }: RecommenderChangeDependencies) {
  /** Changes a recommender that has one of these statuses and is not being updated. Throws ResourceInUseException otherwise. */
  async function change(
    caller: Caller,
    arn: string | undefined,
    { from, to }: Change,
  ): Promise<{ readonly recommenderArn: string }> {
    return await sql.transaction(async (transaction) => {
      const recommender = await requirePersonalize<RecommenderBody>(
        resources,
        caller,
        { type: "recommender", arn },
        transaction,
      );
      const isUpdated = isPending(recommender.body.update);
      if (isUpdated || !from.includes(recommender.status)) {
        const state = isUpdated ? "is being updated" : `is in status ${recommender.status}`;
        const needed = `it must be ${from.join(" or ")}`;
        throw awsError("ResourceInUseException", `The recommender ${recommender.arn} ${state}; ${needed}.`);
      }
      await resources.update(recommender, { ...to(recommender), due: "now" }, transaction);
      return { recommenderArn: recommender.arn };
    });
  }

  async function updateRecommender(
    input: UpdateRecommenderRequest,
    caller: Caller,
  ): Promise<UpdateRecommenderResponse> {
    const to = ({ body }: Recommender): ResourcePatch<RecommenderBody> => {
      checkRecommenderConfig(requireRecipe(body.recipeArn), input.recommenderConfig ?? {});
      const recommenderConfig = { ...body.recommenderConfig, ...input.recommenderConfig };
      const at = clock.now().toISOString();
      const update = { recommenderConfig, status: "CREATE PENDING", createdAt: at, updatedAt: at } as const;
      return { body: { ...body, update } };
    };
    return await change(caller, input.recommenderArn, { from: ["ACTIVE"], to });
  }

  async function startRecommender(input: StartRecommenderRequest, caller: Caller): Promise<StartRecommenderResponse> {
    const to = () => ({ status: "START PENDING" });
    return await change(caller, input.recommenderArn, { from: ["INACTIVE"], to });
  }

  async function stopRecommender(input: StopRecommenderRequest, caller: Caller): Promise<StopRecommenderResponse> {
    const to = () => ({ status: "STOP PENDING" });
    return await change(caller, input.recommenderArn, { from: ["ACTIVE"], to });
  }

  async function deleteRecommender(input: DeleteRecommenderRequest, caller: Caller): Promise<void> {
    const from = ["ACTIVE", "INACTIVE", "CREATE FAILED", "DELETE PENDING", "DELETE IN_PROGRESS"];
    await change(caller, input.recommenderArn, { from, to: () => ({ status: "DELETE PENDING" }) });
  }

  return { updateRecommender, startRecommender, stopRecommender, deleteRecommender };
}
