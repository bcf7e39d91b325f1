import type { Owner, Resource } from "@rondo/store";
import { CampaignError } from "./campaign-error.ts";

/** The resource types of what is served. */
export const CAMPAIGN_TYPE = "personalize/campaign";
export const RECOMMENDER_TYPE = "personalize/recommender";

/** The part of the row of a campaign or recommender that serving reads. */
export interface ServedCampaignBody {
  readonly datasetGroupArn: string;
  /** What answers. */
  readonly live: { readonly modelUri: string };
  readonly campaignConfig?: CampaignConfig;
  readonly recommenderConfig?: CampaignConfig;
}

export type ServedRow = Resource<ServedCampaignBody>;

export interface CampaignConfig {
  readonly itemExplorationConfig?: Readonly<Record<string, string>>;
  readonly enableMetadataWithRecommendations?: boolean;
}

/** The part of the row of a filter that serving reads. */
export interface ServedFilterBody {
  readonly datasetGroupArn: string;
  readonly filterExpression: string;
}

export interface RowRef {
  readonly owner: Owner;
  readonly type: string;
  readonly name: string;
}

/** The row that an ARN of Personalize names; undefined for any other text. */
export function rowOfArn(arn: string): RowRef | undefined {
  const [, region, accountId, word, name] =
    /^arn:aws:personalize:([a-z0-9-]+):(\d{12}):(campaign|recommender|filter|dataset-group)\/([\w-]{1,63})$/.exec(
      arn,
    ) ?? [];
  if (region === undefined || accountId === undefined || word === undefined || name === undefined) return undefined;
  return { owner: { accountId, region }, type: `personalize/${word}`, name };
}

/** The row of the owner's campaign or recommender, or filter. Throws CampaignError NotFound in AWS's words for an ARN of anything else. */
export function servedRef(owner: Owner, arn: string, kind: "served" | "filter" = "served"): RowRef {
  const ref = rowOfArn(arn);
  const isKind =
    (ref?.type === "personalize/filter") === (kind === "filter") && ref?.type !== "personalize/dataset-group";
  if (ref?.owner.accountId !== owner.accountId || ref.owner.region !== owner.region || !isKind) throw notFound(arn);
  return ref;
}

/** Throws CampaignError NotFound for a row that is not there, is being deleted or has never answered. */
export function requireServed(row: Resource | undefined, arn: string): ServedRow {
  if (row === undefined || row.status.startsWith("DELETE")) throw notFound(arn);
  if (isServed(row)) return row as unknown as ServedRow;
  throw new CampaignError("NotFound", `${arn} is in status ${row.status}; it answers once it is ACTIVE.`);
}

/** Whether the row of a campaign or recommender is one that answers. */
export function isServed(row: Resource | undefined): boolean {
  const { live } = (row?.body ?? {}) as Partial<ServedCampaignBody>;
  return row !== undefined && live !== undefined && !/^(DELETE|STOP|INACTIVE)/.test(row.status);
}

/** Throws CampaignError NotFound, and InvalidInput for a filter of another dataset group. */
export function servedFilter(row: Resource | undefined, arn: string, datasetGroupArn: string): ServedFilterBody {
  if (row === undefined || row.status.startsWith("DELETE")) throw notFound(arn);
  const body = row.body as unknown as ServedFilterBody;
  if (body.datasetGroupArn === datasetGroupArn) return body;
  throw new CampaignError("InvalidInput", `The filter ${arn} is not of the dataset group ${datasetGroupArn}.`);
}

/** The settings of either kind. */
export function configOf({ campaignConfig, recommenderConfig }: ServedCampaignBody): CampaignConfig {
  return campaignConfig ?? recommenderConfig ?? {};
}

function notFound(arn: string): CampaignError {
  return new CampaignError("NotFound", `Resource Arn ${arn} does not exist.`);
}
