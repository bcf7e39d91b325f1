import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { ResourcePatch, Resources } from "@rondo/store";
import {
  type Campaign,
  type CampaignBody,
  type CampaignSettings,
  type CampaignUpdate,
  followsLatest,
  isPending,
  newUpdate,
} from "./campaign-body.ts";
import type { LiveVersion, ModelPreparation } from "./live-version.ts";
import { parsePersonalizeArn, personalizeType } from "./personalize-resource.ts";
import type { SolutionVersion, SolutionVersionBody } from "./solution-body.ts";
import { newestVersion } from "./solution-description.ts";

/** Where tests kill the server. */
export const campaignCrashPoints = ["campaign:begun", "campaign:prepared"];

/** How often a campaign that is kept at the newest version looks for one. */
const SYNC_MS = 60_000;

export interface CampaignKindDependencies {
  readonly resources: Resources;
  readonly clock: { now(): Date };
  readonly models: ModelPreparation;
}

type Patch = ResourcePatch<CampaignBody>;

/**
 * Campaigns on their way to a version. The model is in memory before the row names it, so that the former one answers until the new one does; a Rondo that
 * learns of the change later answers with the former one until then.
 */
export function createCampaignKind(dependencies: CampaignKindDependencies): ResourceKind<CampaignBody> {
  const { resources, clock } = dependencies;

  async function reconcile(campaign: Campaign, context: ReconcileContext): Promise<Patch> {
    const { status, body } = campaign;
    if (status.startsWith("DELETE")) {
      await resources.delete(campaign);
      return {};
    }
    if (isPending(body.update)) return await update(campaign, context);
    if (body.live === undefined) return status === "CREATE FAILED" ? { due: null } : await create(campaign, context);
    const newest = followsLatest(body) ? await findNewer(resources, campaign) : undefined;
    if (newest === undefined) return { due: nextLook(body) };
    return {
      body: { ...body, update: newUpdate({ ...body, solutionVersionArn: newest.arn }, clock.now()) },
      due: "now",
    };
  }

  async function create(claimed: Campaign, context: ReconcileContext): Promise<Patch> {
    const campaign = await context.save(claimed, { status: "CREATE IN_PROGRESS" });
    context.crashPoint("campaign:begun");
    const live = await prepare(dependencies, { campaign, ...campaign.body }, context);
    if (live === undefined) return failed(campaign, missing(campaign.body));
    return { status: "ACTIVE", body: { ...campaign.body, live }, due: nextLook(campaign.body) };
  }

  async function update(claimed: Campaign, context: ReconcileContext): Promise<Patch> {
    const begun = progressed(claimed.body, "CREATE IN_PROGRESS");
    const campaign = await context.save(claimed, { body: { ...claimed.body, update: begun } });
    context.crashPoint("campaign:begun");
    const { solutionVersionArn, minProvisionedTPS, campaignConfig } = begun;
    const settings = { solutionVersionArn, minProvisionedTPS, campaignConfig };
    const live = await prepare(dependencies, { campaign, ...settings }, context);
    if (live === undefined) return failed(campaign, missing(begun));
    const { failureReason: _former, ...rest } = campaign.body;
    const body = { ...rest, ...settings, live, update: progressed(campaign.body, "ACTIVE") };
    return { status: "ACTIVE", body, due: nextLook(body) };
  }

  function progressed({ update }: CampaignBody, status: CampaignUpdate["status"]): CampaignUpdate {
    if (update === undefined) throw new Error("A campaign without an update is being updated.");
    return { ...update, status, updatedAt: clock.now().toISOString() };
  }

  /** An update that failed leaves the campaign as it was. */
  function failed({ status, body }: Campaign, failureReason: string): Patch {
    if (!isPending(body.update)) return { status: "CREATE FAILED", body: { ...body, failureReason }, due: null };
    const update = { ...progressed(body, "CREATE FAILED"), failureReason };
    return { status, body: { ...body, update }, due: nextLook(body) };
  }

  function nextLook(body: CampaignBody): Date | null {
    return followsLatest(body) ? new Date(clock.now().getTime() + SYNC_MS) : null;
  }

  return { type: personalizeType("campaign"), reconcile, giveUp: failed };
}

/** Loads the model of a version; undefined when the version is gone. */
async function prepare(
  { resources, models }: CampaignKindDependencies,
  { campaign, solutionVersionArn }: { readonly campaign: Campaign } & CampaignSettings,
  context: ReconcileContext,
): Promise<LiveVersion | undefined> {
  const name = parsePersonalizeArn(solutionVersionArn, "solution-version")?.name ?? "";
  const version = await resources.find<SolutionVersionBody>(campaign, personalizeType("solution-version"), name);
  const modelUri = version?.body.modelUri;
  if (version === undefined || modelUri === undefined) return undefined;
  await models.prepare(modelUri, context.signal);
  context.crashPoint("campaign:prepared");
  return { solutionVersionArn, recipeArn: version.body.recipeArn, modelUri };
}

/** The newest trained version of the campaign's solution; undefined when the campaign has that. */
async function findNewer(resources: Resources, campaign: Campaign): Promise<SolutionVersion | undefined> {
  const { accountId, region, body } = campaign;
  const name = parsePersonalizeArn(body.solutionArn, "solution")?.name ?? "";
  const newest = await newestVersion(resources, { accountId, region, name }, "Completed");
  return newest?.arn === body.solutionVersionArn ? undefined : newest;
}

function missing({ solutionVersionArn }: CampaignSettings): string {
  return `The solution version ${solutionVersionArn} has no model any more. Update the campaign to another version.`;
}
