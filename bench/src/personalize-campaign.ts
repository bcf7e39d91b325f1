import {
  CreateCampaignCommand,
  type CreateCampaignCommandInput,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeFilterCommand,
  type PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { CreateBucketCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  becomesActive,
  campaignEnded,
  importEnded,
  startTraining,
  trainingEnded,
} from "@rondo/conformance/personalize-setting";

const ROLE = "arn:aws:iam::000000000000:role/bench";
/** On a machine that others use, too. */
const TRAINING_SECONDS = 900;

export interface PersonalizeClients {
  readonly personalize: PersonalizeClient;
  readonly s3: S3Client;
}

export interface ImportedGroup {
  readonly name: string;
  readonly datasetGroupArn: string;
  /** From CreateDatasetImportJob until the job is ACTIVE, with the start of its program. */
  readonly importSeconds: number;
}

/** A dataset group with interactions out of a CSV with the columns USER_ID, ITEM_ID, EVENT_TYPE and TIMESTAMP, by way of a bucket of the same name. */
export async function importInteractions(
  clients: PersonalizeClients,
  name: string,
  csv: string,
): Promise<ImportedGroup> {
  const { personalize, s3 } = clients;
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await s3.send(new PutObjectCommand({ Bucket: name, Key: "interactions.csv", Body: csv }));
  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name, schema: schemaText() }));
  const { datasetGroupArn = "" } = await personalize.send(new CreateDatasetGroupCommand({ name }));
  await becomesActive("the dataset group", async () => {
    return (await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup;
  });
  const dataset = { name, schemaArn, datasetGroupArn, datasetType: "Interactions" };
  const { datasetArn } = await personalize.send(new CreateDatasetCommand(dataset));
  await becomesActive("the dataset", async () => {
    return (await personalize.send(new DescribeDatasetCommand({ datasetArn }))).dataset;
  });
  const dataSource = { dataLocation: `s3://${name}/interactions.csv` };
  const job = { jobName: name, datasetArn, dataSource, roleArn: ROLE };
  const start = performance.now();
  const { datasetImportJobArn = "" } = await personalize.send(new CreateDatasetImportJobCommand(job));
  await importEnded(clients, datasetImportJobArn);
  return { name, datasetGroupArn, importSeconds: (performance.now() - start) / 1000 };
}

/** The ARN of a filter that leaves out what the user knows. */
export async function createNewItemsFilter({ personalize }: PersonalizeClients, group: ImportedGroup): Promise<string> {
  const { name, datasetGroupArn } = group;
  const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
  const filter = { name, datasetGroupArn, filterExpression };
  const { filterArn = "" } = await personalize.send(new CreateFilterCommand(filter));
  await becomesActive("the filter", async () => {
    return (await personalize.send(new DescribeFilterCommand({ filterArn }))).filter;
  });
  return filterArn;
}

export interface TrainedCampaign {
  readonly campaignArn: string;
  /** From CreateSolutionVersion until it is ACTIVE. */
  readonly trainingSeconds: number;
}

/** Trains a recipe with its defaults on a group, once, and deploys what came of it. */
export async function trainCampaign(
  clients: PersonalizeClients,
  { name: groupName, datasetGroupArn }: ImportedGroup,
  recipe: string,
  campaignConfig?: CreateCampaignCommandInput["campaignConfig"],
): Promise<TrainedCampaign> {
  const { personalize } = clients;
  const name = `${groupName}-${recipe}`;
  const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;
  const solution = { name, datasetGroupArn, recipeArn, performAutoTraining: false };
  const { solutionArn = "" } = await personalize.send(new CreateSolutionCommand(solution));
  const start = performance.now();
  const solutionVersionArn = await startTraining(clients, solutionArn);
  await trainingEnded(clients, solutionVersionArn, TRAINING_SECONDS);
  const trainingSeconds = (performance.now() - start) / 1000;
  const campaign = { name, solutionVersionArn, ...(campaignConfig === undefined ? {} : { campaignConfig }) };
  const { campaignArn = "" } = await personalize.send(new CreateCampaignCommand(campaign));
  await campaignEnded(clients, campaignArn, solutionVersionArn);
  return { campaignArn, trainingSeconds };
}

function schemaText(): string {
  const columns = { USER_ID: "string", ITEM_ID: "string", EVENT_TYPE: "string", TIMESTAMP: "long" };
  const fields = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const namespace = "com.amazonaws.personalize.schema";
  return JSON.stringify({ type: "record", name: "Interactions", namespace, fields, version: "1.0" });
}
