import type { Tag } from "@aws-sdk/client-sagemaker";
import { type Owner, type Resource, type Resources, type Sql, type SqlConnection, StoreError } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { sageMakerArn } from "./arn.ts";
import { writeTags } from "./tags.ts";

/** What SageMaker says of a resource that is not there, or is there already; the registry has words of its own. */
interface Texts {
  missing(arn: string): string;
  taken(arn: string): string;
}

const TEXTS = {
  model: servingTexts("model"),
  "endpoint-config": servingTexts("endpoint configuration"),
  endpoint: servingTexts("endpoint"),
  "model-package-group": {
    missing: (arn) => `Model Package Group ${arn} does not exist.`,
    taken: (arn) => `Model Package Group already exists: ${arn}`,
  },
  "model-package": {
    missing: (arn) => `ModelPackage ${arn} does not exist.`,
    taken: (arn) => `ModelPackage already exists: ${arn}`,
  },
} as const satisfies Record<string, Texts>;

type NamedResourceType = keyof typeof TEXTS;

interface StoreDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
}

export interface NewNamedResource<Body extends object> {
  readonly type: NamedResourceType;
  readonly name: string;
  readonly status: string;
  readonly body: Body;
  readonly due?: "now";
  readonly tags: readonly Tag[] | undefined;
}

/** The word of the resource table for a kind: `sagemaker/model`. */
export function resourceType(type: NamedResourceType): string {
  return `sagemaker/${type}`;
}

/**
 * Inserts a resource with its tags, in a transaction of its own unless one is given; the texts of a name that is taken are those that SDKs look for
 * ("Cannot create already existing model").
 */
export async function insertNamed<Body extends object>(
  { sql, resources }: StoreDependencies,
  owner: Owner,
  { tags, type, ...resource }: NewNamedResource<Body>,
  connection?: SqlConnection,
): Promise<Resource<Body>> {
  const arn = sageMakerArn(owner, type, resource.name);
  const { accountId, region } = owner;
  const insert = async (transaction: SqlConnection): Promise<Resource<Body>> => {
    const inserted = await resources.insert(
      { ...resource, accountId, region, type: resourceType(type), arn },
      transaction,
    );
    await writeTags(transaction, inserted, tags);
    return inserted;
  };
  try {
    return connection === undefined ? await sql.transaction(insert) : await insert(connection);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
    throw awsError("ValidationException", TEXTS[type].taken(arn));
  }
}

/** Throws ValidationException `Could not find model "<arn>".`, the text that SDKs and waiters look for. */
export async function requireNamed<Body extends object>(
  resources: Resources,
  owner: Owner,
  { type, name }: { readonly type: NamedResourceType; readonly name: string },
  connection?: SqlConnection,
): Promise<Resource<Body>> {
  const found =
    connection === undefined
      ? await resources.find<Body>(owner, resourceType(type), name)
      : await resources.findForUpdate<Body>(owner, resourceType(type), name, connection);
  if (found !== undefined) return found;
  throw awsError("ValidationException", TEXTS[type].missing(sageMakerArn(owner, type, name)));
}

function servingTexts(noun: string): Texts {
  return {
    missing: (arn) => `Could not find ${noun} "${arn}".`,
    taken: (arn) => `Cannot create already existing ${noun} "${arn}".`,
  };
}
