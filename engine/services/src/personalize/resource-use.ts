import type { Owner, Resource, SqlConnection } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { type PersonalizeType, personalizeType } from "./personalize-resource.ts";

/** Resources that keep another one from being deleted. */
export interface ResourceUse {
  readonly type: PersonalizeType;
  /** What their bodies contain: `{ datasetGroupArn }`. */
  readonly bodyContains: object;
  /** Of the row, where not all count: a job that has ended keeps nothing. */
  readonly statuses?: readonly string[];
}

/** The statuses of a job's row that goes on. */
export const RUNNING_STATUSES: readonly string[] = ["InProgress", "Stopping"];

/** Throws ResourceInUseException, which names a user of the resource, when there is one. */
export async function refuseInUse(
  connection: SqlConnection,
  resource: Pick<Resource, "accountId" | "region" | "arn">,
  uses: readonly ResourceUse[],
): Promise<void> {
  for (const use of uses) {
    const user = await findUser(connection, resource, use);
    if (user === undefined) continue;
    const noun = use.type.replaceAll("-", " ");
    throw awsError(
      "ResourceInUseException",
      `The resource ${resource.arn} is in use by the ${noun} ${user.arn}, which is in status ${user.status}. Delete that first, or wait until it has ended.`,
    );
  }
}

async function findUser(
  connection: SqlConnection,
  { accountId, region }: Owner,
  { type, bodyContains, statuses }: ResourceUse,
): Promise<Pick<Resource, "arn" | "status"> | undefined> {
  const [user] = await connection.query<Pick<Resource, "arn" | "status">>(
    `select arn, status from resource
     where account_id = $1 and region = $2 and type = $3 and body @> $4::jsonb
       and ($5::text[] is null or status = any ($5)) order by id limit 1`,
    [accountId, region, personalizeType(type), JSON.stringify(bodyContains), statuses ?? null],
  );
  return user;
}
