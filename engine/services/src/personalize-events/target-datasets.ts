import type { DatasetType } from "@rondo/personalize";
import type { Owner, Resource, Resources } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { type Dataset, type DatasetBody, datasetName } from "../personalize/dataset-body.ts";
import type { EventTrackerBody } from "../personalize/event-tracker.ts";
import { parsePersonalizeArn, personalizeNotFound, personalizeType } from "../personalize/personalize-resource.ts";
import { createPropertyReader, type PropertyReader } from "./record-properties.ts";

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

/** Datasets that are kept; emptied when there are more. */
const CAPACITY = 1000;

/** How long what was found is used without another look: records may come in so long after their tracker or dataset has been deleted. */
const KEPT_MS = 1000;

interface Kept {
  readonly until: number;
  readonly target: Promise<TargetDataset>;
}

/** Finds the datasets that records go to, and remembers them for a second: events come by thousands. */
export function createTargetDatasets({
  resources,
  clock,
}: {
  readonly resources: Pick<Resources, "find" | "list">;
  readonly clock: { now(): Date };
}): TargetDatasets {
  const kept = new Map<string, Kept>();

  function keep(
    { accountId, region }: Caller,
    key: string,
    find: (owner: Owner) => Promise<TargetDataset>,
  ): Promise<TargetDataset> {
    const name = `${accountId}/${region}/${key}`;
    const now = clock.now().getTime();
    const known = kept.get(name);
    if (known !== undefined && now < known.until) return known.target;
    const target = find({ accountId, region });
    if (kept.size >= CAPACITY) kept.clear();
    kept.set(name, { until: now + KEPT_MS, target });
    // Only what was found is kept.
    target.catch(() => kept.delete(name));
    return target;
  }

  async function findByBody<Body extends object>(
    owner: Owner,
    type: "event-tracker" | "dataset",
    bodyContains: object,
  ): Promise<Resource<Body> | undefined> {
    const query = { ...owner, type: personalizeType(type), bodyContains, limit: 1 };
    return (await resources.list<Body>(query)).resources[0];
  }

  async function ofEventTracker(owner: Owner, trackingId: string): Promise<TargetDataset> {
    const tracker = await findByBody<EventTrackerBody>(owner, "event-tracker", { trackingId });
    if (tracker === undefined) {
      throw awsError("InvalidInputException", `The trackingId ${trackingId} is of no event tracker.`);
    }
    const group = parsePersonalizeArn(tracker.body.datasetGroupArn, "dataset-group")?.name ?? "";
    const name = datasetName(group, "Interactions");
    const dataset = await resources.find<DatasetBody>(owner, personalizeType("dataset"), name);
    if (dataset?.status === "ACTIVE") return await openTarget(owner, dataset);
    throw awsError(
      "InvalidInputException",
      `The dataset group ${tracker.body.datasetGroupArn} of the event tracker has no Interactions dataset that is ACTIVE.`,
    );
  }

  async function ofActionTracker(owner: Owner, trackingId: string): Promise<TargetDataset> {
    const dataset = await findByBody<DatasetBody>(owner, "dataset", { trackingId });
    if (dataset !== undefined) return await openTarget(owner, dataset);
    throw awsError(
      "ResourceNotFoundException",
      `The trackingId ${trackingId} is of no Action_Interactions dataset; DescribeDataset tells it.`,
    );
  }

  async function ofArn(owner: Owner, datasetArn: string, type: DatasetType): Promise<TargetDataset> {
    const ref = parsePersonalizeArn(datasetArn, "dataset");
    const isOwn = ref?.owner.accountId === owner.accountId && ref.owner.region === owner.region;
    const dataset = isOwn ? await resources.find<DatasetBody>(owner, personalizeType("dataset"), ref.name) : undefined;
    if (dataset === undefined) throw personalizeNotFound(datasetArn);
    if (dataset.body.schema.type === type) return await openTarget(owner, dataset);
    throw awsError(
      "InvalidInputException",
      `The dataset ${datasetArn} is of type ${dataset.body.schema.type}, and the operation needs ${type}.`,
    );
  }

  async function openTarget(owner: Owner, { arn, status, body }: Dataset): Promise<TargetDataset> {
    if (status !== "ACTIVE") {
      throw awsError("ResourceInUseException", `The dataset ${arn} is in status ${status}; it must be ACTIVE.`);
    }
    const name = parsePersonalizeArn(body.datasetGroupArn, "dataset-group")?.name ?? "";
    const group = await resources.find(owner, personalizeType("dataset-group"), name);
    if (group === undefined) throw personalizeNotFound(body.datasetGroupArn);
    const names = new Set(body.schema.fields.map((field) => field.name));
    const properties = createPropertyReader(body.schema);
    return { groupId: group.id, type: body.schema.type, hasColumn: (column) => names.has(column), properties };
  }

  return {
    ofEventTracker: (caller, id) => keep(caller, `events/${id}`, (owner) => ofEventTracker(owner, id)),
    ofActionTracker: (caller, id) => keep(caller, `actions/${id}`, (owner) => ofActionTracker(owner, id)),
    ofArn: (caller, arn, type) => keep(caller, `${type}/${arn}`, (owner) => ofArn(owner, arn, type)),
  };
}
