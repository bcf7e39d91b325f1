import assert from "node:assert/strict";
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetExportJobCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateEventTrackerCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetExportJobCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeEventTrackerCommand,
  DescribeSolutionVersionCommand,
  type ImportMode,
  type PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { eventually } from "./eventually.ts";

export const BUCKET = "personalize-crash";

const ROLE = "arn:aws:iam::000000000000:role/PersonalizeRole";
const HEADER = "USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n";

/** What a campaign needs: a dataset group with interactions, a tracker for events, a solution with a version, a campaign on it. */
export interface PersonalizeSetting {
  readonly datasetArn: string;
  readonly trackingId: string;
  readonly solutionArn: string;
  readonly versionArn: string;
  readonly campaignArn: string;
}

interface Clients {
  readonly personalize: PersonalizeClient;
  readonly s3: S3Client;
}

/** Interactions of one import: 60 people of two tastes with 25 events each, a time for each so that every row is told from the others. */
export function importedRows(part: number): string[] {
  return Array.from({ length: 60 * 25 }, (_, row) => {
    const person = Math.floor(row / 25);
    const item = (person % 2) * 20 + ((row * 7 + part) % 20);
    return `import-${part}-${person},item-${item},view,${1_700_000_000 + row}`;
  });
}

/** Puts the rows of a part into the bucket and starts to import them; the job's ARN. */
export async function startImport({ personalize, s3 }: Clients, datasetArn: string, part: number): Promise<string> {
  const Body = HEADER + importedRows(part).join("\n");
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `import/${part}.csv`, Body }));
  const importMode: ImportMode = part === 0 ? "FULL" : "INCREMENTAL";
  const dataSource = { dataLocation: `s3://${BUCKET}/import/${part}.csv` };
  const job = { jobName: `import-${part}`, datasetArn, dataSource, roleArn: ROLE, importMode };
  return required((await personalize.send(new CreateDatasetImportJobCommand(job))).datasetImportJobArn);
}

/** Makes everything up to a campaign that answers. */
export async function createSetting(clients: Clients): Promise<PersonalizeSetting> {
  const { personalize } = clients;
  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name: "crash", schema: schemaText() }));
  const { datasetGroupArn } = await personalize.send(new CreateDatasetGroupCommand({ name: "crash" }));
  await becomesActive("the dataset group", async () => {
    return (await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup;
  });
  const dataset = { name: "crash", schemaArn, datasetGroupArn, datasetType: "Interactions" };
  const datasetArn = required((await personalize.send(new CreateDatasetCommand(dataset))).datasetArn);
  await becomesActive("the dataset", async () => {
    return (await personalize.send(new DescribeDatasetCommand({ datasetArn }))).dataset;
  });
  await importEnded(clients, await startImport(clients, datasetArn, 0));
  const tracker = await personalize.send(new CreateEventTrackerCommand({ name: "crash", datasetGroupArn }));
  await becomesActive("the event tracker", async () => {
    const { eventTrackerArn } = tracker;
    return (await personalize.send(new DescribeEventTrackerCommand({ eventTrackerArn }))).eventTracker;
  });
  const recipeArn = "arn:aws:personalize:::recipe/aws-user-personalization";
  const solution = { name: "crash", datasetGroupArn, recipeArn, performAutoTraining: false };
  const solutionArn = required((await personalize.send(new CreateSolutionCommand(solution))).solutionArn);
  const versionArn = await startTraining(clients, solutionArn);
  await trainingEnded(clients, versionArn);
  const campaign = { name: "crash", solutionVersionArn: versionArn, minProvisionedTPS: 1 };
  const campaignArn = required((await personalize.send(new CreateCampaignCommand(campaign))).campaignArn);
  await campaignEnded(clients, campaignArn, versionArn);
  return { datasetArn, trackingId: required(tracker.trackingId), solutionArn, versionArn, campaignArn };
}

export async function startTraining({ personalize }: Clients, solutionArn: string): Promise<string> {
  return required((await personalize.send(new CreateSolutionVersionCommand({ solutionArn }))).solutionVersionArn);
}

export async function importEnded({ personalize }: Clients, datasetImportJobArn: string): Promise<void> {
  await becomesActive(datasetImportJobArn, async () => {
    return (await personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob;
  });
}

export async function trainingEnded(
  { personalize }: Clients,
  solutionVersionArn: string,
  seconds?: number,
): Promise<void> {
  const describe = async () =>
    (await personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion;
  await becomesActive(solutionVersionArn, describe, seconds);
}

/** Waits until the campaign answers with this version and nothing else is under way. */
export async function campaignEnded({ personalize }: Clients, campaignArn: string, version: string): Promise<void> {
  await eventually(`campaign on ${version}`, async () => {
    const { campaign } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));
    assert.notEqual(campaign?.status, "CREATE FAILED", campaign?.failureReason);
    assert.notEqual(campaign?.latestCampaignUpdate?.status, "CREATE FAILED");
    const isThere = campaign?.status === "ACTIVE" && campaign.solutionVersionArn === version;
    return isThere ? true : undefined;
  });
}

/** The rows of the dataset by way of an export, without the header. */
export async function exportRows({ personalize, s3 }: Clients, datasetArn: string): Promise<string[]> {
  const path = `s3://${BUCKET}/export/`;
  const { datasetExportJobArn } = await personalize.send(
    new CreateDatasetExportJobCommand({
      jobName: "export",
      datasetArn,
      ingestionMode: "ALL",
      roleArn: ROLE,
      jobOutput: { s3DataDestination: { path } },
    }),
  );
  await becomesActive("the export", async () => {
    return (await personalize.send(new DescribeDatasetExportJobCommand({ datasetExportJobArn }))).datasetExportJob;
  });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "export/" }));
  const rows: string[] = [];
  for (const { Key = "" } of Contents.filter((each) => each.Key?.endsWith(".csv"))) {
    const text = await (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body?.transformToString();
    rows.push(...(text ?? "").split("\n").slice(1).filter(Boolean));
  }
  return rows;
}

/** Waits until what is made is there; a failure says why. */
export async function becomesActive(
  what: string,
  describe: () => Promise<{ status?: string; failureReason?: string } | undefined>,
  seconds?: number,
): Promise<void> {
  const look = async () => {
    const found = await describe();
    assert.notEqual(found?.status, "CREATE FAILED", `${what}: ${found?.failureReason}`);
    return found?.status === "ACTIVE" ? true : undefined;
  };
  await eventually(what, look, seconds);
}

function schemaText(): string {
  const columns = { USER_ID: "string", ITEM_ID: "string", EVENT_TYPE: "string", TIMESTAMP: "long" };
  const fields = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const namespace = "com.amazonaws.personalize.schema";
  return JSON.stringify({ type: "record", name: "Interactions", namespace, fields, version: "1.0" });
}

function required(value: string | undefined): string {
  assert(value !== undefined);
  return value;
}
