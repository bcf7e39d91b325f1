import type { Dataset as DatasetDescription, DatasetUpdateSummary } from "@aws-sdk/client-personalize";
import { DATASET_TYPES, type DatasetSchema, type DatasetType } from "@rondo/personalize";
import type { Owner, Resource, Resources } from "@rondo/store";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";

/** A dataset, less what stands in the row's own columns. The row's name is `<group>/<TYPE>`. */
export interface DatasetBody {
  /** As CreateDataset called it; its ARN does not have it. */
  readonly datasetName: string;
  readonly datasetGroupArn: string;
  readonly schemaArn: string;
  /** By which PutActionInteractions names it; of Action_Interactions only, from its creation. */
  readonly trackingId?: string;
  /** What the schema says, parsed. */
  readonly schema: DatasetSchema;
  /** Its imported rows, oldest first: exactly these, in every moment. */
  readonly segments: readonly DatasetSegment[];
  /** The imports whose segments have been listed, the newest last: one that is repeated after a crash is not listed again. */
  readonly listedRuns: readonly string[];
  readonly latestUpdate?: DatasetUpdate;
  readonly failureReason?: string;
}

/** Rows that an import brought, or what an erasure left of them. */
export interface DatasetSegment {
  /** Of the object in the internal bucket. */
  readonly key: string;
  readonly rows: number;
  /** The number of the newest single record when the import began: those with larger ones are newer than these rows. */
  readonly follows: number;
}

export interface DatasetUpdate {
  readonly schemaArn: string;
  readonly status: "CREATE PENDING" | "CREATE IN_PROGRESS" | "ACTIVE" | "CREATE FAILED";
  readonly failureReason?: string;
  /** In ISO form. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Dataset = Resource<DatasetBody>;

/** A dataset group cannot have more: one of each type. */
const MAX_DATASETS = DATASET_TYPES.length;

/** The type that a request names, in whatever case. */
export function toDatasetType(text: string | undefined): DatasetType | undefined {
  return DATASET_TYPES.find((type) => type.toUpperCase() === text?.toUpperCase());
}

/** The name of a dataset's row: `clicks/INTERACTIONS`. */
export function datasetName(group: string, type: DatasetType): string {
  return `${group}/${type.toUpperCase()}`;
}

/** The datasets of a dataset group, in the order of their creation. */
export async function listDatasetsOf(
  resources: Pick<Resources, "list">,
  { accountId, region }: Owner,
  datasetGroupArn: string,
): Promise<readonly Dataset[]> {
  const group = parsePersonalizeArn(datasetGroupArn, "dataset-group")?.name ?? "";
  const query = { accountId, region, type: personalizeType("dataset"), namePrefix: `${group}/`, limit: MAX_DATASETS };
  return (await resources.list<DatasetBody>(query)).resources;
}

/** As DescribeDataset shows it. */
export function describeDataset({ arn, status, createdAt, updatedAt, body }: Dataset): DatasetDescription {
  return {
    name: body.datasetName,
    datasetArn: arn,
    datasetGroupArn: body.datasetGroupArn,
    datasetType: body.schema.type.toUpperCase(),
    schemaArn: body.schemaArn,
    trackingId: body.trackingId,
    status,
    creationDateTime: createdAt,
    lastUpdatedDateTime: updatedAt,
    latestDatasetUpdate: body.latestUpdate === undefined ? undefined : describeUpdate(body.latestUpdate),
  };
}

function describeUpdate({ createdAt, updatedAt, ...update }: DatasetUpdate): DatasetUpdateSummary {
  return { ...update, creationDateTime: new Date(createdAt), lastUpdatedDateTime: new Date(updatedAt) };
}
