import type { DatasetGroup as DatasetGroupDescription, Domain } from "@aws-sdk/client-personalize";
import type { Resource } from "@rondo/store";

/** A dataset group, less what stands in the row's own columns. */
export interface DatasetGroupBody {
  /** Absent from a custom one. */
  readonly domain?: Domain | undefined;
  readonly roleArn?: string | undefined;
  readonly kmsKeyArn?: string | undefined;
  readonly failureReason?: string;
}

export type DatasetGroup = Resource<DatasetGroupBody>;

/** As DescribeDatasetGroup shows it. */
export function describeDatasetGroup(group: DatasetGroup): DatasetGroupDescription {
  const { roleArn, kmsKeyArn } = group.body;
  return { ...summarizeDatasetGroup(group), roleArn, kmsKeyArn };
}

/** As ListDatasetGroups shows it. */
export function summarizeDatasetGroup({ name, arn, status, createdAt, updatedAt, body }: DatasetGroup) {
  return {
    name,
    datasetGroupArn: arn,
    status,
    domain: body.domain,
    failureReason: body.failureReason,
    creationDateTime: createdAt,
    lastUpdatedDateTime: updatedAt,
  };
}
