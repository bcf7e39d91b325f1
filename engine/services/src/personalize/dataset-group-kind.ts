import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { ResourcePatch, Resources } from "@rondo/store";
import type { DatasetGroup, DatasetGroupBody } from "./dataset-group-body.ts";
import { deleteDependents } from "./delete-dependents.ts";
import { type PersonalizeType, personalizeType } from "./personalize-resource.ts";

/** Where tests kill the server. */
export const datasetGroupCrashPoints = ["dataset-group:begun"];
export const datasetGroupDeletionCrashPoints = ["dataset-group:emptied"];

/** What goes with a dataset group. */
const DEPENDENTS: readonly PersonalizeType[] = ["filter", "metric-attribution", "data-deletion-job"];

/** Dataset groups on their way to ACTIVE, and out of the world. */
export function createDatasetGroupKind({
  resources,
}: {
  readonly resources: Resources;
}): ResourceKind<DatasetGroupBody> {
  async function reconcile(group: DatasetGroup, context: ReconcileContext): Promise<ResourcePatch<DatasetGroupBody>> {
    if (group.status.startsWith("DELETE")) return await remove(group, context);
    await context.save(group, { status: "CREATE IN_PROGRESS" });
    context.crashPoint("dataset-group:begun");
    return { status: "ACTIVE", due: null };
  }

  async function remove(claimed: DatasetGroup, context: ReconcileContext): Promise<ResourcePatch<DatasetGroupBody>> {
    const group = await context.save(claimed, { status: "DELETE IN_PROGRESS" });
    await deleteDependents(resources, group, { types: DEPENDENTS, bodyContains: { datasetGroupArn: group.arn } });
    context.crashPoint("dataset-group:emptied");
    await resources.delete(group);
    return {};
  }

  return {
    type: personalizeType("dataset-group"),
    reconcile,
    // Only the database ever holds it up; giving up would leave a group half-deleted.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: ({ status }) => ({ status, due: null }),
  };
}
