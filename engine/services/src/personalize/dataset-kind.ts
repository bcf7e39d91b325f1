import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { DatasetRecords, ResourcePatch, Resources } from "@rondo/store";
import type { Dataset, DatasetBody, DatasetUpdate } from "./dataset-body.ts";
import { deleteDependents } from "./delete-dependents.ts";
import { type PersonalizeType, parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import { parseSchemaText, type SchemaBody } from "./schema.ts";
import { importReportPrefix, type PersonalizeStorage, segmentPrefix } from "./storage.ts";

/** Where tests kill the server. */
export const datasetCrashPoints = ["dataset:begun"];
export const datasetUpdateCrashPoints = ["dataset:update-begun"];
export const datasetDeletionCrashPoints = ["dataset:rows-deleted", "dataset:emptied"];

export interface DatasetKindDependencies {
  readonly resources: Resources;
  readonly storage: PersonalizeStorage;
  readonly records: DatasetRecords;
  readonly clock: { now(): Date };
}

/** What goes with a dataset. */
const DEPENDENTS: readonly PersonalizeType[] = ["dataset-import-job", "dataset-export-job"];
/** Single records that are deleted at a time. */
const PAGE = 10_000;

/** Datasets on their way to ACTIVE, to another schema, and out of the world with all their rows. */
export function createDatasetKind(dependencies: DatasetKindDependencies): ResourceKind<DatasetBody> {
  const { resources, storage, records, clock } = dependencies;

  async function reconcile(dataset: Dataset, context: ReconcileContext): Promise<ResourcePatch<DatasetBody>> {
    if (dataset.status.startsWith("DELETE")) return await remove(dataset, context);
    if (dataset.status === "ACTIVE") return await update(dataset, context);
    await context.save(dataset, { status: "CREATE IN_PROGRESS" });
    context.crashPoint("dataset:begun");
    return { status: "ACTIVE", due: null };
  }

  async function update(claimed: Dataset, context: ReconcileContext): Promise<ResourcePatch<DatasetBody>> {
    const { latestUpdate } = claimed.body;
    if (latestUpdate === undefined) return { due: null };
    const begun = withUpdate(claimed.body, { ...latestUpdate, status: "CREATE IN_PROGRESS" });
    const dataset = await context.save(claimed, { body: begun });
    context.crashPoint("dataset:update-begun");
    const { schemaArn } = latestUpdate;
    const name = parsePersonalizeArn(schemaArn, "schema")?.name ?? "";
    const schema = await resources.find<SchemaBody>(dataset, personalizeType("schema"), name);
    if (schema === undefined) {
      const failureReason = `The schema ${schemaArn} has been deleted.`;
      return { body: withUpdate(dataset.body, { ...latestUpdate, status: "CREATE FAILED", failureReason }), due: null };
    }
    const replaced = { schemaArn, schema: parseSchemaText(schema.body.schema, schema.body.domain) };
    const body = withUpdate({ ...dataset.body, ...replaced }, { ...latestUpdate, status: "ACTIVE" });
    return { body, due: null };
  }

  function withUpdate(body: DatasetBody, latestUpdate: DatasetUpdate): DatasetBody {
    return { ...body, latestUpdate: { ...latestUpdate, updatedAt: clock.now().toISOString() } };
  }

  async function remove(claimed: Dataset, context: ReconcileContext): Promise<ResourcePatch<DatasetBody>> {
    const dataset = await context.save(claimed, { status: "DELETE IN_PROGRESS" });
    await deleteRows(dataset, context);
    context.crashPoint("dataset:rows-deleted");
    await deleteDependents(resources, dataset, { types: DEPENDENTS, bodyContains: { datasetArn: dataset.arn } });
    context.crashPoint("dataset:emptied");
    await resources.delete(dataset);
    return {};
  }

  async function deleteRows(dataset: Dataset, { signal }: ReconcileContext): Promise<void> {
    await storage.deletePrefix(dataset, segmentPrefix(dataset.name), signal);
    await storage.deletePrefix(dataset, importReportPrefix(dataset.name), signal);
    const group = parsePersonalizeArn(dataset.body.datasetGroupArn, "dataset-group")?.name ?? "";
    const row = await resources.find(dataset, personalizeType("dataset-group"), group);
    if (row === undefined) return;
    const query = { groupId: row.id, dataset: dataset.body.schema.type, limit: PAGE };
    while ((await records.deleteDataset(query)) === PAGE) signal.throwIfAborted();
  }

  return {
    type: personalizeType("dataset"),
    reconcile,
    // Only the database and the disk ever hold it up; giving up would leave rows that nobody can delete any more.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: ({ status }) => ({ status, due: null }),
  };
}
