import type { Owner, SqlConnection } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { type PersonalizeType, personalizeType } from "./personalize-resource.ts";

/** How many resources of a kind an account may have in a region. */
export interface AccountLimit {
  readonly type: PersonalizeType;
  readonly max: number;
  /** Only those whose bodies contain this count. */
  readonly bodyContains?: object;
  /** Only those in one of these statuses count. */
  readonly statuses?: readonly string[];
}

/** Throws LimitExceededException when there are as many as may be. */
export async function refuseBeyond(
  connection: SqlConnection,
  { accountId, region }: Owner,
  { type, max, bodyContains = {}, statuses }: AccountLimit,
): Promise<void> {
  const rows = await connection.query(
    `select from resource where account_id = $1 and region = $2 and type = $3 and body @> $4::jsonb
       and ($5::text[] is null or status = any ($5)) limit $6`,
    [accountId, region, personalizeType(type), JSON.stringify(bodyContains), statuses ?? null, max],
  );
  if (rows.length < max) return;
  const noun = type.replaceAll("-", " ");
  throw awsError(
    "LimitExceededException",
    `More than ${max} ${noun} resources are not allowed. Delete one first, or wait until one has ended.`,
  );
}
