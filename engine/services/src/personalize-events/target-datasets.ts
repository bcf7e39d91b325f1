import type { DatasetType } from "@rondo/personalize";
import type { Owner, Resource, Resources } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { type Dataset, type DatasetBody, datasetName } from "../personalize/dataset-body.ts";
import type { EventTrackerBody } from "../personalize/event-tracker.ts";
import { parsePersonalizeArn, personalizeNotFound, personalizeType } from "../personalize/personalize-resource.ts";
import { createPropertyReader, type PropertyReader } from "./record-properties.ts";
import { createShortMemory } from "./short-memory.ts";

/** The dataset that records go to. */
export interface TargetDataset {
  /** The row of its dataset group. */
  readonly groupId: number;
  readonly type: DatasetType;
  readonly hasColumn: (name: string) => boolean;
  readonly properties: PropertyReader;
}

export interface TargetDatasets {
  /** The Interactions of the group of an event tracker. Throws InvalidInputException. */
  ofEventTracker(caller: Caller, trackingId: string): Promise<TargetDataset>;
  /** The Action_Interactions with a tracking id. Throws ResourceNotFoundException. */
  ofActionTracker(caller: Caller, trackingId: string): Promise<TargetDataset>;
  /** The dataset of an ARN. Throws ResourceNotFoundException; InvalidInputException when it is not of the type. */
  ofArn(caller: Caller, datasetArn: string, type: DatasetType): Promise<TargetDataset>;
}

/** Events come by thousands: what was found is used for a second, so long also after a tracker or dataset has been deleted. */
const KEPT_MS = 1000;
const CAPACITY = 1000;

type FoundResources = Pick<Resources, "find" | "list">;

/** Finds the datasets that records go to. */
export function createTargetDatasets({
  resources,
  clock,
}: {
  readonly resources: FoundResources;
  readonly clock: { now(): Date };
}): TargetDatasets {
  const remember = createShortMemory<TargetDataset>({ clock, keptMs: KEPT_MS, capacity: CAPACITY });
  const keyOf = ({ accountId, region }: Caller, ...names: string[]): string => [accountId, region, ...names].join("/");
  return {
    ofEventTracker: (caller, trackingId) =>
      remember(keyOf(caller, "events", trackingId), () => findByEventTracker(resources, caller, trackingId)),
    ofActionTracker: (caller, trackingId) =>
      remember(keyOf(caller, "actions", trackingId), () => findByActionTracker(resources, caller, trackingId)),
    ofArn: (caller, datasetArn, type) =>
      remember(keyOf(caller, type, datasetArn), () => findByArn(resources, caller, { datasetArn, type })),
  };
}

async function findByEventTracker(resources: FoundResources, owner: Owner, trackingId: string): Promise<TargetDataset> {
  const tracker = await findByBody<EventTrackerBody>(resources, owner, { type: "event-tracker", trackingId });
  if (tracker === undefined) {
    throw awsError("InvalidInputException", `The trackingId ${trackingId} is of no event tracker.`);
  }
  const { datasetGroupArn } = tracker.body;
  const group = parsePersonalizeArn(datasetGroupArn, "dataset-group")?.name ?? "";
  const name = datasetName(group, "Interactions");
  const dataset = await resources.find<DatasetBody>(owner, personalizeType("dataset"), name);
  if (dataset?.status === "ACTIVE") return await openTarget(resources, dataset);
  throw awsError(
    "InvalidInputException",
    `The dataset group ${datasetGroupArn} of the event tracker has no Interactions dataset that is ACTIVE.`,
  );
}

async function findByActionTracker(
  resources: FoundResources,
  owner: Owner,
  trackingId: string,
): Promise<TargetDataset> {
  const dataset = await findByBody<DatasetBody>(resources, owner, { type: "dataset", trackingId });
  if (dataset !== undefined) return await openTarget(resources, dataset);
  throw awsError(
    "ResourceNotFoundException",
    `The trackingId ${trackingId} is of no Action_Interactions dataset; DescribeDataset tells it.`,
  );
}

async function findByArn(
  resources: FoundResources,
  { accountId, region }: Owner,
  { datasetArn, type }: { readonly datasetArn: string; readonly type: DatasetType },
): Promise<TargetDataset> {
  const ref = parsePersonalizeArn(datasetArn, "dataset");
  const isOwn = ref?.owner.accountId === accountId && ref.owner.region === region;
  const dataset = isOwn
    ? await resources.find<DatasetBody>(ref.owner, personalizeType("dataset"), ref.name)
    : undefined;
  if (dataset === undefined) throw personalizeNotFound(datasetArn);
  if (dataset.body.schema.type === type) return await openTarget(resources, dataset);
  throw awsError(
    "InvalidInputException",
    `The dataset ${datasetArn} is of type ${dataset.body.schema.type}, and the operation needs ${type}.`,
  );
}

async function findByBody<Body extends object>(
  resources: FoundResources,
  { accountId, region }: Owner,
  { type, trackingId }: { readonly type: "event-tracker" | "dataset"; readonly trackingId: string },
): Promise<Resource<Body> | undefined> {
  const query = { accountId, region, type: personalizeType(type), bodyContains: { trackingId }, limit: 1 };
  return (await resources.list<Body>(query)).resources[0];
}

async function openTarget(resources: FoundResources, dataset: Dataset): Promise<TargetDataset> {
  const { arn, status, body } = dataset;
  if (status !== "ACTIVE") {
    throw awsError("ResourceInUseException", `The dataset ${arn} is in status ${status}; it must be ACTIVE.`);
  }
  const name = parsePersonalizeArn(body.datasetGroupArn, "dataset-group")?.name ?? "";
  const group = await resources.find(dataset, personalizeType("dataset-group"), name);
  if (group === undefined) throw personalizeNotFound(body.datasetGroupArn);
  const names = new Set(body.schema.fields.map((field) => field.name));
  const properties = createPropertyReader(body.schema);
  return { groupId: group.id, type: body.schema.type, hasColumn: (column) => names.has(column), properties };
}
