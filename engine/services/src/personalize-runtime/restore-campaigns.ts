import { CAMPAIGN_TYPE, type Campaigns, RECOMMENDER_TYPE } from "@rondo/serve";
import type { Owner, Sql } from "@rondo/store";

export interface RestoreCampaignsDependencies {
  readonly sql: Sql;
  readonly campaigns: Pick<Campaigns, "restore">;
  /** One that cannot be loaded: its requests are told why. */
  readonly onError: (error: unknown) => void;
}

const PAGE = 100;

/** Loads every campaign and recommender that was answering when the server ended, of all accounts and regions: called once at the start. */
export async function restoreCampaigns(
  { sql, campaigns, onError }: RestoreCampaignsDependencies,
  signal: AbortSignal,
): Promise<void> {
  let after = 0;
  for (let isMore = true; isMore; ) {
    const rows = await sql.query<Owner & { readonly id: number; readonly arn: string }>(
      `select id, account_id as "accountId", region, arn from resource
       where type = any ($1) and status = 'ACTIVE' and body ? 'live' and id > $2 order by id limit $3`,
      [[CAMPAIGN_TYPE, RECOMMENDER_TYPE], after, PAGE],
    );
    for (const { accountId, region, arn } of rows) {
      await campaigns.restore({ accountId, region }, arn, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        onError(error);
      });
    }
    after = rows.at(-1)?.id ?? after;
    isMore = rows.length === PAGE;
  }
}
