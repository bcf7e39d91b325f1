import {
  CreateCampaignCommand,
  CreateEventTrackerCommand,
  DescribeCampaignCommand,
  DescribeEventTrackerCommand,
  paginateListCampaigns,
  paginateListEventTrackers,
  UpdateCampaignCommand,
} from "@aws-sdk/client-personalize";
import type { ApplicationContext } from "../application-context.ts";
import { findOrCreate } from "./find-or-create.ts";
import { isReady } from "./resource-state.ts";

type CampaignContext = Pick<ApplicationContext, "personalize">;

export interface Deployment {
  readonly name: string;
  readonly solutionVersionArn: string;
}

/** The campaign of that name, with the version; made or updated when it is not. Returns its ARN. */
export async function deployVersion(
  { personalize }: CampaignContext,
  { name, solutionVersionArn }: Deployment,
): Promise<string> {
  const campaignArn = await findOrCreate({
    pages: paginateListCampaigns({ client: personalize }, {}),
    items: (page) => page.campaigns,
    isMeant: (campaign) => campaign.name === name,
    arn: (campaign) => campaign.campaignArn,
    create: async () =>
      (await personalize.send(new CreateCampaignCommand({ name, solutionVersionArn, minProvisionedTPS: 1 })))
        .campaignArn,
  });
  const { campaign } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));
  const update = campaign?.latestCampaignUpdate;
  const isUnderWay =
    update?.solutionVersionArn === solutionVersionArn && /PENDING|IN_PROGRESS/.test(update.status ?? "");
  // An update that has failed is tried anew: its campaign stays ACTIVE with the version before.
  if (campaign?.solutionVersionArn !== solutionVersionArn && campaign?.status === "ACTIVE" && !isUnderWay) {
    await personalize.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn }));
  }
  return campaignArn;
}

/** Whether the campaign answers with the version. Throws with Personalize's reason when it never will. */
export async function isDeployed(
  { personalize }: CampaignContext,
  { campaignArn, solutionVersionArn }: { readonly campaignArn: string; readonly solutionVersionArn: string },
): Promise<boolean> {
  const { campaign = {} } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));
  if (!isReady(`The campaign ${campaign.name}`, campaign)) return false;
  const update = campaign.latestCampaignUpdate;
  if (update?.solutionVersionArn === solutionVersionArn) isReady(`The update of ${campaign.name}`, update);
  return campaign.solutionVersionArn === solutionVersionArn;
}

/** The event tracker of the group: a group has at most one. Its tracking id; undefined while it is not ready. */
export async function ensureTracker(
  { personalize }: CampaignContext,
  datasetGroupArn: string,
): Promise<{ readonly trackingId: string; readonly eventTrackerArn: string } | undefined> {
  const eventTrackerArn = await findOrCreate({
    pages: paginateListEventTrackers({ client: personalize }, { datasetGroupArn }),
    items: (page) => page.eventTrackers,
    isMeant: () => true,
    arn: (tracker) => tracker.eventTrackerArn,
    create: async () =>
      (await personalize.send(new CreateEventTrackerCommand({ name: "mastergroup-events", datasetGroupArn })))
        .eventTrackerArn,
  });
  const { eventTracker = {} } = await personalize.send(new DescribeEventTrackerCommand({ eventTrackerArn }));
  if (!isReady("The event tracker", eventTracker) || eventTracker.trackingId === undefined) return undefined;
  return { trackingId: eventTracker.trackingId, eventTrackerArn };
}
