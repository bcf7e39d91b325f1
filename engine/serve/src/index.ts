export type { Campaign, FilterRef } from "./campaigns/campaign.ts";
export { CampaignError, type CampaignErrorCode } from "./campaigns/campaign-error.ts";
export { Campaigns, type CampaignsDependencies, type OpenedCampaign } from "./campaigns/campaigns.ts";
export { CAMPAIGN_TYPE, RECOMMENDER_TYPE } from "./campaigns/served-campaign.ts";
export {
  type ContainerSpecification,
  type DeployedVariant,
  type Deployment,
  ENDPOINT_TYPE,
  type EndpointRef,
  type ServedEndpoint,
} from "./deployment.ts";
export { announceEndpoint, followEndpoints } from "./endpoint-notices.ts";
export type { Invocation, InvocationOptions } from "./fleet.ts";
export { createInProcessHosting } from "./in-process-hosting.ts";
export { type CachedModel, ModelCache, type ModelCacheOptions, type ModelSource } from "./model-cache.ts";
export type { HostRequest, HostResponse, ModelHost, ModelHosting } from "./model-host.ts";
export { ServeError, type ServeErrorCode } from "./serve-error.ts";
export { Serving, type ServingDependencies, type TrafficSplit } from "./serving.ts";
export { settleOrAbort } from "./settle-or-abort.ts";
