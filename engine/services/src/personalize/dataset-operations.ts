import type { DatasetRecords } from "@rondo/store";
import { createDataDeletionJobOperations } from "./data-deletion-job.ts";
import { createDatasetOperations } from "./dataset.ts";
import { createDatasetExportJobOperations } from "./dataset-export-job.ts";
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
  const exports = createDatasetExportJobOperations(dependencies);
  const deletions = createDataDeletionJobOperations(dependencies);
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
    CreateDatasetExportJob: exports.createDatasetExportJob,
    DescribeDatasetExportJob: exports.describeDatasetExportJob,
    ListDatasetExportJobs: exports.listDatasetExportJobs,
    CreateDataDeletionJob: deletions.createDataDeletionJob,
    DescribeDataDeletionJob: deletions.describeDataDeletionJob,
    ListDataDeletionJobs: deletions.listDataDeletionJobs,
  };
}
