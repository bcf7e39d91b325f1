import {
  CreateDatasetImportJobCommand,
  DescribeDatasetImportJobCommand,
  paginateListDatasetImportJobs,
} from "@aws-sdk/client-personalize";
import type { ApplicationContext } from "../application-context.ts";
import type { ReadyGroup } from "./dataset-group.ts";
import type { ExportedDatasets } from "./export-datasets.ts";
import { findOrCreate } from "./find-or-create.ts";
import { isReady } from "./resource-state.ts";
import { DATASET_TYPES } from "./schemas.ts";

export interface ImportOptions {
  readonly group: ReadyGroup;
  readonly exported: ExportedDatasets;
  readonly roleArn: string;
  /** Unique to the run and the group. */
  readonly name: string;
}

/** Starts an import job for each dataset, replacing what was imported before; events stay. Returns their ARNs. */
export async function startImports(
  { personalize }: Pick<ApplicationContext, "personalize">,
  { group, exported, roleArn, name }: ImportOptions,
): Promise<string[]> {
  const arns: string[] = [];
  for (const type of DATASET_TYPES) {
    const jobName = `${name}-${type.toLowerCase()}`;
    const datasetArn = group.datasetArns[type];
    arns.push(
      await findOrCreate({
        pages: paginateListDatasetImportJobs({ client: personalize }, { datasetArn }),
        items: (page) => page.datasetImportJobs,
        isMeant: (job) => job.jobName === jobName,
        arn: (job) => job.datasetImportJobArn,
        create: async () =>
          (
            await personalize.send(
              new CreateDatasetImportJobCommand({
                jobName,
                datasetArn,
                roleArn,
                dataSource: { dataLocation: exported.locations[type] },
                importMode: "FULL",
              }),
            )
          ).datasetImportJobArn,
      }),
    );
  }
  return arns;
}

/** Whether all of them are done. Throws with Personalize's reason when one has failed. */
export async function areImported(
  { personalize }: Pick<ApplicationContext, "personalize">,
  arns: readonly string[],
): Promise<boolean> {
  for (const datasetImportJobArn of arns) {
    const { datasetImportJob = {} } = await personalize.send(
      new DescribeDatasetImportJobCommand({ datasetImportJobArn }),
    );
    if (!isReady(`The import ${datasetImportJob.jobName}`, datasetImportJob)) return false;
  }
  return true;
}
