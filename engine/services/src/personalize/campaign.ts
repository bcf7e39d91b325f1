import type {
  CampaignConfig,
  CreateCampaignRequest,
  CreateCampaignResponse,
  DeleteCampaignRequest,
  DescribeCampaignRequest,
  DescribeCampaignResponse,
  ListCampaignsRequest,
  ListCampaignsResponse,
  UpdateCampaignRequest,
  UpdateCampaignResponse,
} from "@aws-sdk/client-personalize";
import { awsError, type Caller } from "@rondo/wire";
import { type Campaign, type CampaignBody, describeCampaign, isPending, newUpdate } from "./campaign-body.ts";
import { checkItemExploration } from "./item-exploration.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  personalizeArn,
  requirePersonalize,
} from "./personalize-resource.ts";
import { refuseRankingInfluence } from "./ranking-influence.ts";
import { requireRecipe } from "./recipe.ts";
import type { SolutionVersion } from "./solution-body.ts";
import { isLatest, requireTrainedVersion } from "./trained-version.ts";

export interface CampaignDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
}

/** AWS's, where minProvisionedTPS is missing. */
const DEFAULT_TPS = 1;

/** CreateCampaign, DescribeCampaign, ListCampaigns, UpdateCampaign and DeleteCampaign. */
export function createCampaignOperations(dependencies: CampaignDependencies) {
  const { sql, resources, clock } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "campaign", arn }) as const;

  async function createCampaign(input: CreateCampaignRequest, caller: Caller): Promise<CreateCampaignResponse> {
    const { name = "", solutionVersionArn = "", minProvisionedTPS = DEFAULT_TPS, campaignConfig } = input;
    const version = await requireTrainedVersion(resources, caller, solutionVersionArn);
    const { solutionArn, datasetGroupArn, recipeArn } = version.body;
    checkConfig({ recipeArn, solutionVersionArn, campaignConfig });
    const settings = { solutionVersionArn: version.arn, minProvisionedTPS, campaignConfig };
    const body: CampaignBody = { solutionArn, datasetGroupArn, recipeArn, ...settings };
    await sql.transaction(async (transaction) => {
      // Locked, so that it is not deleted meanwhile.
      await requirePersonalize(resources, caller, { type: "solution", arn: solutionArn }, transaction);
      const campaign = {
        type: "campaign",
        name,
        status: "CREATE PENDING",
        body,
        due: "now",
        tags: input.tags,
      } as const;
      await insertPersonalize(dependencies, caller, campaign, transaction);
    });
    return { campaignArn: personalizeArn(caller, "campaign", name) };
  }

  async function describe(input: DescribeCampaignRequest, caller: Caller): Promise<DescribeCampaignResponse> {
    const campaign = await requirePersonalize<CampaignBody>(resources, caller, refTo(input.campaignArn));
    return { campaign: describeCampaign(campaign) };
  }

  async function listCampaigns(input: ListCampaignsRequest, caller: Caller): Promise<ListCampaignsResponse> {
    const { solutionArn } = input;
    const bodyContains = solutionArn === undefined ? {} : { solutionArn };
    const page = await listPersonalize<CampaignBody>(resources, caller, "campaign", { ...input, bodyContains });
    return { campaigns: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function updateCampaign(input: UpdateCampaignRequest, caller: Caller): Promise<UpdateCampaignResponse> {
    const { solutionVersionArn } = input;
    const asked =
      solutionVersionArn === undefined ? undefined : await requireTrainedVersion(resources, caller, solutionVersionArn);
    await sql.transaction(async (transaction) => {
      const campaign = await requirePersonalize<CampaignBody>(resources, caller, refTo(input.campaignArn), transaction);
      refuseBusy(campaign);
      refuseForeign(campaign, asked);
      const { body } = campaign;
      const { minProvisionedTPS = body.minProvisionedTPS, campaignConfig = body.campaignConfig } = input;
      checkConfig({ recipeArn: body.recipeArn, solutionVersionArn, campaignConfig });
      const settings = { solutionVersionArn: asked?.arn ?? body.solutionVersionArn, minProvisionedTPS, campaignConfig };
      const update = newUpdate(settings, clock.now());
      await resources.update(campaign, { body: { ...body, update }, due: "now" }, transaction);
    });
    return { campaignArn: input.campaignArn };
  }

  async function deleteCampaign(input: DeleteCampaignRequest, caller: Caller): Promise<void> {
    await sql.transaction(async (transaction) => {
      const campaign = await requirePersonalize<CampaignBody>(resources, caller, refTo(input.campaignArn), transaction);
      if (campaign.status.startsWith("DELETE")) return;
      refuseBusy(campaign);
      await resources.update(campaign, { status: "DELETE PENDING", due: "now" }, transaction);
    });
  }

  return { createCampaign, describeCampaign: describe, listCampaigns, updateCampaign, deleteCampaign };
}

/** Throws ResourceInUseException while a campaign is created or updated, or when it is deleted. */
function refuseBusy({ arn, status, body }: Campaign): void {
  if ((status === "ACTIVE" || status === "CREATE FAILED") && !isPending(body.update)) return;
  const state = isPending(body.update) ? "is being updated" : `is in status ${status}`;
  throw awsError("ResourceInUseException", `The campaign ${arn} ${state}. Try again when that has ended.`);
}

function refuseForeign({ arn, body }: Campaign, version: SolutionVersion | undefined): void {
  if (version === undefined || version.body.solutionArn === body.solutionArn) return;
  const advice = `Create a campaign for the solution ${version.body.solutionArn}.`;
  throw awsError(
    "InvalidInputException",
    `${version.arn} is not a version of the campaign ${arn}'s solution. ${advice}`,
  );
}

/** Throws InvalidInputException for a configuration that the recipe or the request's version does not allow. */
function checkConfig({
  recipeArn,
  solutionVersionArn,
  campaignConfig = {},
}: {
  readonly recipeArn: string;
  /** As the request has it. */
  readonly solutionVersionArn: string | undefined;
  readonly campaignConfig: CampaignConfig | undefined;
}): void {
  const recipe = requireRecipe(recipeArn);
  if (recipe.type === "USER_SEGMENTATION") {
    const advice = "Use CreateBatchSegmentJob.";
    throw awsError(
      "InvalidInputException",
      `The recipe ${recipe.name} is for batch segment jobs, not for campaigns. ${advice}`,
    );
  }
  checkItemExploration(recipe, campaignConfig.itemExplorationConfig);
  refuseRankingInfluence(campaignConfig.rankingInfluence);
  const { syncWithLatestSolutionVersion: syncs = false } = campaignConfig;
  if (syncs && solutionVersionArn !== undefined && !isLatest(solutionVersionArn)) {
    throw awsError(
      "InvalidInputException",
      "With syncWithLatestSolutionVersion the solutionVersionArn must be the solution's ARN followed by /$LATEST.",
    );
  }
}

function summarize({ name, arn, status, createdAt, updatedAt, body }: Campaign) {
  const dates = { creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
  return { name, campaignArn: arn, status, failureReason: body.failureReason, ...dates };
}
