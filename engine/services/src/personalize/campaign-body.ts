import type {
  CampaignConfig,
  Campaign as CampaignDescription,
  CampaignUpdateSummary,
} from "@aws-sdk/client-personalize";
import type { Resource } from "@rondo/store";
import type { LiveVersion } from "./live-version.ts";

/** What CreateCampaign and UpdateCampaign ask for. */
export interface CampaignSettings {
  /** A version, also where `<solution>/$LATEST` was asked for. */
  readonly solutionVersionArn: string;
  readonly minProvisionedTPS: number;
  readonly campaignConfig?: CampaignConfig | undefined;
}

/** A campaign as DescribeCampaign shows it, less what stands in the row's own columns. Its status is Personalize's. */
export interface CampaignBody extends CampaignSettings {
  readonly solutionArn: string;
  readonly recipeArn: string;
  readonly datasetGroupArn: string;
  readonly live?: LiveVersion;
  readonly failureReason?: string;
  /** The newest update; its status says whether it is still to be done. */
  readonly update?: CampaignUpdate;
}

export interface CampaignUpdate extends CampaignSettings {
  readonly status: "CREATE PENDING" | "CREATE IN_PROGRESS" | "ACTIVE" | "CREATE FAILED";
  readonly failureReason?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Campaign = Resource<CampaignBody>;

/** Whether an update is to be done, or going on. */
export function isPending(update: { readonly status: string } | undefined): boolean {
  return update?.status === "CREATE PENDING" || update?.status === "CREATE IN_PROGRESS";
}

/** An update that is to be done. */
export function newUpdate(
  { solutionVersionArn, minProvisionedTPS, campaignConfig }: CampaignSettings,
  at: Date,
): CampaignUpdate {
  const createdAt = at.toISOString();
  const settings = { solutionVersionArn, minProvisionedTPS, campaignConfig };
  return { ...settings, status: "CREATE PENDING", createdAt, updatedAt: createdAt };
}

/** Whether the campaign goes to each new version of its solution. */
export function followsLatest({ campaignConfig }: CampaignSettings): boolean {
  return campaignConfig?.syncWithLatestSolutionVersion === true;
}

/** A campaign as DescribeCampaign shows it: while it is updated, as it was before. */
export function describeCampaign({ name, arn, status, createdAt, updatedAt, body }: Campaign): CampaignDescription {
  return {
    name,
    campaignArn: arn,
    solutionVersionArn: body.solutionVersionArn,
    minProvisionedTPS: body.minProvisionedTPS,
    campaignConfig: body.campaignConfig,
    status,
    failureReason: body.failureReason,
    creationDateTime: createdAt,
    lastUpdatedDateTime: updatedAt,
    latestCampaignUpdate: body.update === undefined ? undefined : describeUpdate(body.update),
  };
}

function describeUpdate({ createdAt, updatedAt, ...update }: CampaignUpdate): CampaignUpdateSummary {
  return { ...update, creationDateTime: new Date(createdAt), lastUpdatedDateTime: new Date(updatedAt) };
}
