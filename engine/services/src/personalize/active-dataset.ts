import type { Owner, Resource, Resources, SqlConnection } from "@rondo/store";
import { awsError } from "@rondo/wire";
import type { Dataset, DatasetBody } from "./dataset-body.ts";
import { requirePersonalize } from "./personalize-resource.ts";

/**
 * The dataset of an ARN and its group, for a job on it; both are locked until the transaction ends, so that neither is deleted meanwhile. Throws
 * ResourceNotFoundException; ResourceInUseException while the dataset is not ACTIVE.
 */
export async function requireActiveDataset(
  resources: Pick<Resources, "find" | "findForUpdate">,
  owner: Owner,
  datasetArn: string | undefined,
  transaction: SqlConnection,
): Promise<{ readonly dataset: Dataset; readonly group: Resource<object> }> {
  const ref = { type: "dataset", arn: datasetArn } as const;
  const dataset = await requirePersonalize<DatasetBody>(resources, owner, ref, transaction);
  const groupRef = { type: "dataset-group", arn: dataset.body.datasetGroupArn } as const;
  const group = await requirePersonalize<object>(resources, owner, groupRef, transaction);
  if (dataset.status === "ACTIVE") return { dataset, group };
  throw awsError(
    "ResourceInUseException",
    `The dataset ${dataset.arn} is in status ${dataset.status}; it must be ACTIVE.`,
  );
}
