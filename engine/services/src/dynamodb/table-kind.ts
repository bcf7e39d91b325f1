import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { Items, Resource, ResourcePatch, Resources } from "@rondo/store";
import { defineTable, type IndexBody, TABLE_TYPE, type TableBody, type TimeToLiveBody } from "./table-definition.ts";

/** Pages of one step: then the row notes how far it came. */
const PAGES = 40;

type Patch = ResourcePatch<TableBody>;

/** How a table changes by itself: indexes are filled or emptied page by page, and what is DELETING vanishes. */
export function createTableKind({
  resources,
  items,
}: {
  readonly resources: Pick<Resources, "delete">;
  readonly items: Pick<Items, "fillIndexes" | "deleteEntries" | "deleteItems">;
}): ResourceKind<TableBody> {
  async function reconcile(table: Resource<TableBody>, context: ReconcileContext): Promise<Patch> {
    if (table.status === "DELETING") return await removeTable(table, context);
    const { indexes, timeToLive } = table.body;
    const index = indexes.find(({ status }) => status !== "ACTIVE");
    if (index?.status === "CREATING") return await fillIndex(table, index, context);
    if (index !== undefined) return await emptyIndex(table, index, context);
    if (timeToLive?.status === "ENABLING") return await fillTimeToLive(table, timeToLive, context);
    if (timeToLive?.status === "DISABLING") return await emptyTimeToLive(table, timeToLive, context);
    return { status: "ACTIVE", due: null };
  }

  async function removeTable(table: Resource<TableBody>, context: ReconcileContext): Promise<Patch> {
    const isLeft = await pages(context, () => items.deleteItems(table.id));
    if (isLeft) return { due: "now" };
    context.crashPoint("items-deleted");
    await resources.delete(table);
    return {};
  }

  async function fillIndex(table: Resource<TableBody>, index: IndexBody, context: ReconcileContext): Promise<Patch> {
    const { isLeft, filledTo } = await fill(items, { table, indexId: index.id, filledTo: index.filledTo }, context);
    context.crashPoint("index-page-filled");
    const { filledTo: _, ...rest } = index;
    const filled: IndexBody = isLeft ? { ...rest, filledTo } : { ...rest, status: "ACTIVE" };
    const indexes = table.body.indexes.map((one) => (one.id === index.id ? filled : one));
    return { body: { ...table.body, indexes }, due: "now" };
  }

  async function emptyIndex(table: Resource<TableBody>, index: IndexBody, context: ReconcileContext): Promise<Patch> {
    const isLeft = await pages(context, () => items.deleteEntries(table.id, index.id));
    context.crashPoint("index-page-deleted");
    if (isLeft) return { due: "now" };
    const indexes = table.body.indexes.filter(({ id }) => id !== index.id);
    return { body: withoutUnusedAttributes({ ...table.body, indexes }), due: "now" };
  }

  async function fillTimeToLive(
    table: Resource<TableBody>,
    timeToLive: TimeToLiveBody,
    context: ReconcileContext,
  ): Promise<Patch> {
    const { isLeft, filledTo } = await fill(items, { table, ...timeToLive, filledTo: timeToLive.filledTo }, context);
    context.crashPoint("expiry-page-filled");
    const { filledTo: _, ...rest } = timeToLive;
    const filled: TimeToLiveBody = isLeft ? { ...rest, filledTo } : { ...rest, status: "ENABLED" };
    return { body: { ...table.body, timeToLive: filled }, due: "now" };
  }

  async function emptyTimeToLive(
    table: Resource<TableBody>,
    { indexId }: TimeToLiveBody,
    context: ReconcileContext,
  ): Promise<Patch> {
    const isLeft = await pages(context, () => items.deleteEntries(table.id, indexId));
    if (isLeft) return { due: "now" };
    const { timeToLive: _, ...body } = table.body;
    return { body, due: "now" };
  }

  return {
    type: TABLE_TYPE,
    reconcile,
    // What is left to do is only ever held up by the database; giving up would leave a table half-changed for good.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: () => ({ due: null }),
  };
}

/** Fills an index from where it was left, some pages further. */
async function fill(
  items: Pick<Items, "fillIndexes">,
  {
    table,
    indexId,
    filledTo,
  }: { readonly table: Resource<TableBody>; readonly indexId: number; readonly filledTo: string | undefined },
  context: ReconcileContext,
): Promise<{ readonly isLeft: boolean; readonly filledTo: string | undefined }> {
  const { itemTable } = defineTable(table);
  let after: Buffer | undefined = filledTo === undefined ? undefined : Buffer.from(filledTo, "hex");
  const isLeft = await pages(context, async () => {
    const last = await items.fillIndexes({ table: itemTable, indexIds: [indexId], after });
    after = last ?? after;
    return last !== undefined;
  });
  return { isLeft, filledTo: after?.toString("hex") };
}

/** Whether something is left after some pages. */
async function pages({ signal }: ReconcileContext, page: () => Promise<boolean>): Promise<boolean> {
  for (let count = 0; count < PAGES; count++) {
    signal.throwIfAborted();
    if (!(await page())) return false;
  }
  return true;
}

/** Only attributes that are keys are defined. */
function withoutUnusedAttributes(body: TableBody): TableBody {
  const schemas = [body.keySchema, ...body.indexes.map(({ keySchema }) => keySchema)];
  const used = new Set(schemas.flatMap((schema) => schema.map(({ AttributeName }) => AttributeName)));
  return {
    ...body,
    attributeDefinitions: body.attributeDefinitions.filter(({ AttributeName }) => used.has(AttributeName)),
  };
}
