/**
 * A refusal of serving a campaign or recommender, with a code that the services translate: `NotFound` (campaign, recommender or filter; the message is AWS's),
 * `InvalidInput` (a filter that does not fit) and `Unavailable` (a model that cannot be loaded now).
 */
export class CampaignError extends Error {
  readonly code: CampaignErrorCode;

  constructor(code: CampaignErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CampaignError";
    this.code = code;
  }
}

export type CampaignErrorCode = "NotFound" | "InvalidInput" | "Unavailable";
