import type { Tag } from "@aws-sdk/client-sagemaker";
import { type Owner, type Resource, type Resources, type Sql, type SqlConnection, StoreError } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { sageMakerArn } from "./arn.ts";
import { writeTags } from "./tags.ts";

/** The kinds of serving, as SageMaker's error texts call them. */
const NOUNS = { model: "model", "endpoint-config": "endpoint configuration", endpoint: "endpoint" } as const;

type ServingResourceType = keyof typeof NOUNS;

interface StoreDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
}

export interface NewNamedResource<Body extends object> {
  readonly type: ServingResourceType;
  readonly name: string;
  readonly status: string;
  readonly body: Body;
  readonly due?: "now";
  readonly tags: readonly Tag[] | undefined;
}

/** The word of the resource table for a kind: `sagemaker/model`. */
export function resourceType(type: ServingResourceType): string {
  return `sagemaker/${type}`;
}

/** Inserts a resource with its tags; the texts of a name that is taken are those that SDKs look for ("Cannot create already existing model"). */
export async function insertNamed<Body extends object>(
  { sql, resources }: StoreDependencies,
  owner: Owner,
  { tags, type, ...resource }: NewNamedResource<Body>,
): Promise<Resource<Body>> {
  const arn = sageMakerArn(owner, type, resource.name);
  const { accountId, region } = owner;
  try {
    return await sql.transaction(async (transaction) => {
      const inserted = await resources.insert(
        { ...resource, accountId, region, type: resourceType(type), arn },
        transaction,
      );
      await writeTags(transaction, inserted, tags);
      return inserted;
    });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
    throw awsError("ValidationException", `Cannot create already existing ${NOUNS[type]} "${arn}".`);
  }
}

/** Throws ValidationException `Could not find model "<arn>".`, the text that SDKs and waiters look for. */
export async function requireNamed<Body extends object>(
  resources: Resources,
  owner: Owner,
  { type, name }: { readonly type: ServingResourceType; readonly name: string },
  connection?: SqlConnection,
): Promise<Resource<Body>> {
  const found =
    connection === undefined
      ? await resources.find<Body>(owner, resourceType(type), name)
      : await resources.findForUpdate<Body>(owner, resourceType(type), name, connection);
  if (found !== undefined) return found;
  throw awsError("ValidationException", `Could not find ${NOUNS[type]} "${sageMakerArn(owner, type, name)}".`);
}
