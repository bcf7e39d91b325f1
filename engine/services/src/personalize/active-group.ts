import type { Domain } from "@aws-sdk/client-personalize";
import type { Owner, Resource, Resources, SqlConnection } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { requirePersonalize } from "./personalize-resource.ts";

/** What others ask of a dataset group. */
interface GroupBody {
  readonly domain?: Domain;
}

/** The dataset group of an ARN, for what is made in it; locked until the transaction ends where a connection is given. Throws ResourceNotFoundException; ResourceInUseException while it is not ACTIVE. */
export async function requireActiveGroup(
  resources: Pick<Resources, "find" | "findForUpdate">,
  owner: Owner,
  arn: string | undefined,
  connection?: SqlConnection,
): Promise<Resource<GroupBody>> {
  const group = await requirePersonalize<GroupBody>(resources, owner, { type: "dataset-group", arn }, connection);
  if (group.status === "ACTIVE") return group;
  throw awsError("ResourceInUseException", `The dataset group ${arn} is in status ${group.status}; it must be ACTIVE.`);
}
