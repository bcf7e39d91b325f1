import type { DatasetRecords } from "@rondo/store";
import { createDatasetOperations } from "./dataset.ts";
import { createDatasetGroupOperations } from "./dataset-group.ts";
import { createDatasetImportJobOperations } from "./dataset-import-job.ts";
import type { PersonalizeStore } from "./personalize-resource.ts";
import { createSchemaOperations } from "./schema.ts";

export interface DatasetOperationsDependencies extends PersonalizeStore {
  readonly datasetRecords: Pick<DatasetRecords, "newest">;
  readonly clock: { now(): Date };
}

/** From a schema to a dataset group with data: what Personalize's operations do before the first training. */
export function datasetOperations({ datasetRecords, ...dependencies }: DatasetOperationsDependencies) {
  const schemas = createSchemaOperations(dependencies);
  const groups = createDatasetGroupOperations(dependencies);
  const datasets = createDatasetOperations(dependencies);
  const imports = createDatasetImportJobOperations({ ...dependencies, records: datasetRecords });
  return {
    CreateSchema: schemas.createSchema,
    DescribeSchema: schemas.describeSchema,
    ListSchemas: schemas.listSchemas,
    DeleteSchema: schemas.deleteSchema,
    CreateDatasetGroup: groups.createDatasetGroup,
    DescribeDatasetGroup: groups.describeDatasetGroup,
    ListDatasetGroups: groups.listDatasetGroups,
    DeleteDatasetGroup: groups.deleteDatasetGroup,
    CreateDataset: datasets.createDataset,
    DescribeDataset: datasets.describeDataset,
    ListDatasets: datasets.listDatasets,
    UpdateDataset: datasets.updateDataset,
    DeleteDataset: datasets.deleteDataset,
    CreateDatasetImportJob: imports.createDatasetImportJob,
    DescribeDatasetImportJob: imports.describeDatasetImportJob,
    ListDatasetImportJobs: imports.listDatasetImportJobs,
  };
}
