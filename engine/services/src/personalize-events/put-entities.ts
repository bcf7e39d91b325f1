import type { PutActionsRequest, PutItemsRequest, PutUsersRequest } from "@aws-sdk/client-personalize-events";
import type { NewDatasetRecord } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { toSeconds } from "./event-content.ts";
import type { PutRecords } from "./put-records.ts";
import type { TargetDataset } from "./target-datasets.ts";

/** An item, user or action as its operation has it. */
interface Entity {
  readonly id: string;
  readonly properties: unknown;
}

/** PutItems, PutUsers and PutActions: a record takes the place of an older one of the same id. */
export function createPutEntities({ records, targets, clock }: PutRecords) {
  async function putItems({ datasetArn = "", items = [] }: PutItemsRequest, caller: Caller): Promise<object> {
    const target = await targets.ofArn(caller, datasetArn, "Items");
    return await put(
      target,
      items.map(({ itemId = "", properties }, index) => {
        const content = toContent(target, { id: itemId, properties }, { column: "ITEM_ID", where: `items[${index}]` });
        return { dataset: "Items", content };
      }),
    );
  }

  async function putUsers({ datasetArn = "", users = [] }: PutUsersRequest, caller: Caller): Promise<object> {
    const target = await targets.ofArn(caller, datasetArn, "Users");
    return await put(
      target,
      users.map(({ userId = "", properties }, index) => {
        const content = toContent(target, { id: userId, properties }, { column: undefined, where: `users[${index}]` });
        return { dataset: "Users", userId, content };
      }),
    );
  }

  async function putActions({ datasetArn = "", actions = [] }: PutActionsRequest, caller: Caller): Promise<object> {
    const target = await targets.ofArn(caller, datasetArn, "Actions");
    return await put(
      target,
      actions.map(({ actionId = "", properties }, index) => {
        const place = { column: "ACTION_ID", where: `actions[${index}]` };
        return { dataset: "Actions", content: toContent(target, { id: actionId, properties }, place) };
      }),
    );
  }

  async function put({ groupId }: TargetDataset, entities: readonly NewDatasetRecord[]): Promise<object> {
    await records.put(groupId, entities);
    return {};
  }

  /** Without a CREATION_TIMESTAMP the thing is new now. A user's id is the record's own. */
  function toContent(
    { hasColumn, properties: reader }: TargetDataset,
    { id, properties }: Entity,
    { column, where }: { readonly column: string | undefined; readonly where: string },
  ): NewDatasetRecord["content"] {
    const content = {
      ...(hasColumn("CREATION_TIMESTAMP") && { CREATION_TIMESTAMP: toSeconds(clock.now()) }),
      ...(properties !== undefined && reader.read(properties, `${where}.properties`)),
      ...(column !== undefined && { [column]: id }),
    };
    reader.checkComplete(content, `${where}.properties`);
    return content;
  }

  return { putItems, putUsers, putActions };
}
