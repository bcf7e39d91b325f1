import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateSchemaCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  paginateListDatasetGroups,
  paginateListDatasets,
  paginateListSchemas,
} from "@aws-sdk/client-personalize";
import type { ApplicationContext } from "../application-context.ts";
import { findOrCreate } from "./find-or-create.ts";
import { isReady } from "./resource-state.ts";
import { avroSchema, DATASET_TYPES, type DatasetType } from "./schemas.ts";

/** A group with its three datasets. */
export interface ReadyGroup {
  readonly groupArn: string;
  readonly datasetArns: Readonly<Record<DatasetType, string>>;
}

type GroupContext = Pick<ApplicationContext, "personalize">;

/** The dataset group of that name with its datasets; what is missing is made. Undefined while something is not ready yet. */
export async function ensureDatasetGroup({ personalize }: GroupContext, name: string): Promise<ReadyGroup | undefined> {
  const groupArn = await findOrCreate({
    pages: paginateListDatasetGroups({ client: personalize }, {}),
    items: (page) => page.datasetGroups,
    isMeant: (group) => group.name === name,
    arn: (group) => group.datasetGroupArn,
    create: async () => (await personalize.send(new CreateDatasetGroupCommand({ name }))).datasetGroupArn,
  });
  const { datasetGroup = {} } = await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn: groupArn }));
  if (!isReady(`The dataset group ${name}`, datasetGroup)) return undefined;
  const datasetArns: Partial<Record<DatasetType, string>> = {};
  for (const type of DATASET_TYPES) {
    const datasetArn = await ensureDataset({ personalize }, { groupArn, type });
    const { dataset = {} } = await personalize.send(new DescribeDatasetCommand({ datasetArn }));
    if (!isReady(`The dataset ${datasetArn}`, dataset)) return undefined;
    datasetArns[type] = datasetArn;
  }
  return { groupArn, datasetArns: datasetArns as Record<DatasetType, string> };
}

async function ensureDataset(
  { personalize }: GroupContext,
  { groupArn, type }: { readonly groupArn: string; readonly type: DatasetType },
): Promise<string> {
  const name = `mastergroup-${type.toLowerCase()}`;
  const schemaArn = await findOrCreate({
    pages: paginateListSchemas({ client: personalize }, {}),
    items: (page) => page.schemas,
    isMeant: (schema) => schema.name === name,
    arn: (schema) => schema.schemaArn,
    create: async () => (await personalize.send(new CreateSchemaCommand({ name, schema: avroSchema(type) }))).schemaArn,
  });
  return findOrCreate({
    pages: paginateListDatasets({ client: personalize }, { datasetGroupArn: groupArn }),
    items: (page) => page.datasets,
    isMeant: (dataset) => dataset.datasetType?.toLowerCase() === type.toLowerCase(),
    arn: (dataset) => dataset.datasetArn,
    create: async () =>
      (
        await personalize.send(
          new CreateDatasetCommand({ name, schemaArn, datasetGroupArn: groupArn, datasetType: type }),
        )
      ).datasetArn,
  });
}
