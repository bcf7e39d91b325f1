import type { ResourceKind } from "@rondo/control";
import type { DatasetRecords, Sql } from "@rondo/store";
import type { JobKindDependencies } from "../jobs/job-definition.ts";
import { createDataDeletionJobKind } from "./data-deletion-job-kind.ts";
import { createDatasetExportJobKind } from "./dataset-export-job-kind.ts";
import { createDatasetGroupKind } from "./dataset-group-kind.ts";
import { createDatasetImportJobKind } from "./dataset-import-job-kind.ts";
import { createDatasetKind } from "./dataset-kind.ts";
import { createMetricAttributionKind } from "./metric-attribution-kind.ts";
import { createPersonalizeStorage } from "./storage.ts";

export interface DatasetKindsDependencies extends JobKindDependencies {
  readonly sql: Sql;
  readonly datasetRecords: DatasetRecords;
}

/** Everything around Personalize's datasets that changes by itself: groups, datasets, the jobs that fill, export and clean them, and what counts their events. */
export function createDatasetKinds({ datasetRecords, ...house }: DatasetKindsDependencies): ResourceKind<object>[] {
  const dependencies = { ...house, records: datasetRecords, storage: createPersonalizeStorage(house) };
  return [
    createDatasetGroupKind(dependencies) as ResourceKind<object>,
    createDatasetKind(dependencies) as ResourceKind<object>,
    createDatasetImportJobKind(dependencies) as ResourceKind<object>,
    createDatasetExportJobKind(dependencies) as ResourceKind<object>,
    createDataDeletionJobKind(dependencies) as ResourceKind<object>,
    createMetricAttributionKind(dependencies) as ResourceKind<object>,
  ];
}
