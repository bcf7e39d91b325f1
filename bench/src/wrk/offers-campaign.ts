import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeFilterCommand,
  PersonalizeClient,
} from "@aws-sdk/client-personalize";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  becomesActive,
  campaignEnded,
  importEnded,
  startTraining,
  trainingEnded,
} from "@rondo/conformance/personalize-setting";
import { createRandom } from "@rondo/statistics";

const NAME = "bench-offers";
const BUCKET = "bench-offers";
const ROLE = "arn:aws:iam::000000000000:role/bench";

export const USERS = 30_000;
const ITEMS = 20_000;
const EVENTS = 500_000;
/** Groups of items that the same users like: with tastes there is something to learn. */
const TASTES = 100;
const SHARE_OF_TASTE = 0.7;
/** On a machine that others use, too. */
const TRAINING_SECONDS = 600;
const SECONDS_OF_YEAR = 31_536_000;

export interface OffersCampaign {
  readonly campaignArn: string;
  /** Leaves out what the user knows. */
  readonly filterArn: string;
}

let prepared: Promise<OffersCampaign> | undefined;

/** Imports 500,000 interactions of 30,000 users and 20,000 items, trains aws-user-personalization and deploys it, once for all scenarios of a run. */
export function prepareOffers(): Promise<OffersCampaign> {
  prepared ??= prepare();
  return prepared;
}

async function prepare(): Promise<OffersCampaign> {
  const personalize = new PersonalizeClient({});
  const s3 = new S3Client({ forcePathStyle: true });
  const clients = { personalize, s3 };
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "interactions.csv", Body: interactionsCsv() }));
  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name: NAME, schema: schemaText() }));
  const { datasetGroupArn } = await personalize.send(new CreateDatasetGroupCommand({ name: NAME }));
  await becomesActive("the dataset group", async () => {
    return (await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup;
  });
  const dataset = { name: NAME, schemaArn, datasetGroupArn, datasetType: "Interactions" };
  const { datasetArn } = await personalize.send(new CreateDatasetCommand(dataset));
  await becomesActive("the dataset", async () => {
    return (await personalize.send(new DescribeDatasetCommand({ datasetArn }))).dataset;
  });
  const dataSource = { dataLocation: `s3://${BUCKET}/interactions.csv` };
  const job = { jobName: NAME, datasetArn, dataSource, roleArn: ROLE };
  const { datasetImportJobArn = "" } = await personalize.send(new CreateDatasetImportJobCommand(job));
  await importEnded(clients, datasetImportJobArn);
  const recipeArn = "arn:aws:personalize:::recipe/aws-user-personalization";
  const solution = { name: NAME, datasetGroupArn, recipeArn, performAutoTraining: false };
  const { solutionArn = "" } = await personalize.send(new CreateSolutionCommand(solution));
  const versionArn = await startTraining(clients, solutionArn);
  await trainingEnded(clients, versionArn, TRAINING_SECONDS);
  const filterExpression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")';
  const filter = { name: NAME, datasetGroupArn, filterExpression };
  const { filterArn = "" } = await personalize.send(new CreateFilterCommand(filter));
  await becomesActive("the filter", async () => {
    return (await personalize.send(new DescribeFilterCommand({ filterArn }))).filter;
  });
  const campaign = { name: NAME, solutionVersionArn: versionArn };
  const { campaignArn = "" } = await personalize.send(new CreateCampaignCommand(campaign));
  await campaignEnded(clients, campaignArn, versionArn);
  return { campaignArn, filterArn };
}

/** Users of rank r have ∝ 1/√r events, items of a taste are drawn ∝ 1/r (Zipf's law). */
function interactionsCsv(): string {
  const random = createRandom(42);
  const itemsOfTaste = ITEMS / TASTES;
  const rows = ["USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP"];
  for (let event = 0; event < EVENTS; event += 1) {
    const user = Math.floor(USERS * random() ** 2);
    const rank = Math.min(itemsOfTaste, Math.floor((itemsOfTaste + 1) ** random())) - 1;
    const taste = random() < SHARE_OF_TASTE ? user % TASTES : Math.floor(random() * TASTES);
    const time = 1_700_000_000 + Math.floor(random() * SECONDS_OF_YEAR);
    rows.push(`user-${user},item-${taste * itemsOfTaste + rank},view,${time}`);
  }
  return rows.join("\n");
}

function schemaText(): string {
  const columns = { USER_ID: "string", ITEM_ID: "string", EVENT_TYPE: "string", TIMESTAMP: "long" };
  const fields = Object.entries(columns).map(([name, type]) => ({ name, type }));
  const namespace = "com.amazonaws.personalize.schema";
  return JSON.stringify({ type: "record", name: "Interactions", namespace, fields, version: "1.0" });
}
