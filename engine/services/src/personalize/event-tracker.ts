import { randomUUID } from "node:crypto";
import type {
  CreateEventTrackerRequest,
  CreateEventTrackerResponse,
  DeleteEventTrackerRequest,
  DescribeEventTrackerRequest,
  DescribeEventTrackerResponse,
  ListEventTrackersRequest,
  ListEventTrackersResponse,
} from "@aws-sdk/client-personalize";
import type { Resource, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { requireActiveGroup } from "./active-group.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  personalizeArn,
  personalizeType,
  requirePersonalize,
} from "./personalize-resource.ts";

/** An event tracker, less what stands in the row's own columns. */
export interface EventTrackerBody {
  readonly datasetGroupArn: string;
  /** By which PutEvents names the tracker. */
  readonly trackingId: string;
}

export type EventTracker = Resource<EventTrackerBody>;

/** CreateEventTracker, DescribeEventTracker, ListEventTrackers and DeleteEventTracker. A tracker is ACTIVE at once. */
export function createEventTrackerOperations(dependencies: PersonalizeStore) {
  const { sql, resources } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "event-tracker", arn }) as const;

  async function createEventTracker(
    { name = "", datasetGroupArn, tags }: CreateEventTrackerRequest,
    caller: Caller,
  ): Promise<CreateEventTrackerResponse> {
    const group = await requireActiveGroup(resources, caller, datasetGroupArn);
    const trackingId = randomUUID();
    await sql.transaction(async (transaction) => {
      // Locked, so that it is not deleted meanwhile and gets one tracker.
      await requirePersonalize(resources, caller, { type: "dataset-group", arn: group.arn }, transaction);
      await refuseSecond(transaction, group);
      const body: EventTrackerBody = { datasetGroupArn: group.arn, trackingId };
      const tracker = { type: "event-tracker", name, status: "ACTIVE", body, tags } as const;
      await insertPersonalize(dependencies, caller, tracker, transaction);
    });
    return { eventTrackerArn: personalizeArn(caller, "event-tracker", name), trackingId };
  }

  async function describeEventTracker(
    { eventTrackerArn }: DescribeEventTrackerRequest,
    caller: Caller,
  ): Promise<DescribeEventTrackerResponse> {
    const tracker = await requirePersonalize<EventTrackerBody>(resources, caller, refTo(eventTrackerArn));
    const { trackingId, datasetGroupArn } = tracker.body;
    return { eventTracker: { ...summarize(tracker), accountId: tracker.accountId, trackingId, datasetGroupArn } };
  }

  async function listEventTrackers(
    input: ListEventTrackersRequest,
    caller: Caller,
  ): Promise<ListEventTrackersResponse> {
    const { datasetGroupArn } = input;
    const bodyContains = datasetGroupArn === undefined ? {} : { datasetGroupArn };
    const page = await listPersonalize<EventTrackerBody>(resources, caller, "event-tracker", {
      ...input,
      bodyContains,
    });
    return { eventTrackers: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function deleteEventTracker({ eventTrackerArn }: DeleteEventTrackerRequest, caller: Caller): Promise<void> {
    await resources.delete(await requirePersonalize(resources, caller, refTo(eventTrackerArn)));
  }

  return { createEventTracker, describeEventTracker, listEventTrackers, deleteEventTracker };
}

async function refuseSecond(transaction: SqlConnection, { accountId, region, arn }: Resource<object>): Promise<void> {
  const [other] = await transaction.query<{ arn: string }>(
    "select arn from resource where account_id = $1 and region = $2 and type = $3 and body ->> 'datasetGroupArn' = $4 limit 1",
    [accountId, region, personalizeType("event-tracker"), arn],
  );
  if (other === undefined) return;
  throw awsError(
    "ResourceAlreadyExistsException",
    `The dataset group ${arn} has the event tracker ${other.arn} already, and can have one only.`,
  );
}

function summarize({ name, arn, status, createdAt, updatedAt }: EventTracker) {
  return { name, eventTrackerArn: arn, status, creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
}
