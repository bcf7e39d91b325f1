import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { S3Client } from "@aws-sdk/client-s3";
import { createRandom } from "@rondo/statistics";
import { createNewItemsFilter, importInteractions, trainCampaign } from "../personalize-campaign.ts";

export const USERS = 30_000;
const ITEMS = 20_000;
const EVENTS = 500_000;
/** Groups of items that the same users like: with tastes there is something to learn. */
const TASTES = 100;
const SHARE_OF_TASTE = 0.7;
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
  const clients = { personalize: new PersonalizeClient({}), s3: new S3Client({ forcePathStyle: true }) };
  const group = await importInteractions(clients, "bench-offers", interactionsCsv());
  const { campaignArn } = await trainCampaign(clients, group, "aws-user-personalization");
  return { campaignArn, filterArn: await createNewItemsFilter(clients, group) };
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
