import type { Tag } from "@aws-sdk/client-personalize";
import {
  type NewResource,
  type Owner,
  type Resource,
  type ResourcePage,
  type Resources,
  type Sql,
  type SqlConnection,
  StoreError,
} from "@rondo/store";
import { type AwsError, awsError } from "@rondo/wire";
import { writePersonalizeTags } from "./tags.ts";

/** The kinds of Personalize's resources. They stand like this in ARNs, but for those that begin with what they are of: `solution/<name>/<8 hex>`. */
export type PersonalizeType =
  | "schema"
  | "dataset-group"
  | "dataset"
  | "dataset-import-job"
  | "dataset-export-job"
  | "data-deletion-job"
  | "event-tracker"
  | "solution"
  | "solution-version"
  | "campaign"
  | "recommender"
  | "recommender-training"
  | "filter"
  | "batch-inference-job"
  | "batch-segment-job"
  | "metric-attribution";

export interface PersonalizeRef {
  readonly owner: Owner;
  /** What follows the type in the ARN, and the row's name: `clicks`, of a dataset `<group>/INTERACTIONS`, of a solution version `<solution>/<8 hex>`. */
  readonly name: string;
}

export interface NewPersonalizeResource<Body extends object> {
  readonly type: PersonalizeType;
  readonly name: string;
  /** Personalize's own text; of jobs the job machinery's. */
  readonly status: string;
  readonly body: Body;
  readonly due?: NewResource<Body>["due"];
  readonly tags?: readonly Tag[] | undefined;
}

export interface PersonalizeStore {
  readonly sql: Sql;
  readonly resources: Resources;
}

/** What Personalize's List operations have in common. */
export interface PersonalizeListInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** Kinds whose names have a slash. */
const TWO_PARTS: readonly PersonalizeType[] = ["dataset", "solution-version", "recommender-training"];

/** Personalize's, where maxResults is missing; also the most. */
const DEFAULT_PAGE = 100;

/** The word of the resource table for a kind: `personalize/campaign`. */
export function personalizeType(type: PersonalizeType): string {
  return `personalize/${type}`;
}

export function personalizeArn({ region, accountId }: Owner, type: PersonalizeType, name: string): string {
  return `arn:aws:personalize:${region}:${accountId}:${wordInArn(type)}/${name}`;
}

/** The owner and name that an ARN of this kind carries; undefined for every other text. */
export function parsePersonalizeArn(arn: string, type: PersonalizeType): PersonalizeRef | undefined {
  const [, region, accountId, word, name] =
    /^arn:aws:personalize:([a-z0-9-]+):(\d{12}):([a-z-]+)\/([\w-]+(?:\/[\w-]+)?)$/.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || word !== wordInArn(type) || name === undefined)
    return undefined;
  return name.includes("/") === TWO_PARTS.includes(type) ? { owner: { region, accountId }, name } : undefined;
}

/** A row as `Resources.insert` takes it: for kinds' own tests, and for rows that are written together with others. */
export function newPersonalizeResource<Body extends object>(
  { accountId, region }: Owner,
  { tags: _tags, type, ...resource }: NewPersonalizeResource<Body>,
): NewResource<Body> {
  const arn = personalizeArn({ accountId, region }, type, resource.name);
  return { ...resource, accountId, region, type: personalizeType(type), arn };
}

/**
 * Inserts a resource with its tags, in a transaction of its own unless one is given. Throws ResourceAlreadyExistsException in AWS's words for a name that is
 * taken.
 */
export async function insertPersonalize<Body extends object>(
  { sql, resources }: PersonalizeStore,
  owner: Owner,
  resource: NewPersonalizeResource<Body>,
  connection?: SqlConnection,
): Promise<Resource<Body>> {
  const row = newPersonalizeResource(owner, resource);
  const insert = async (transaction: SqlConnection): Promise<Resource<Body>> => {
    const inserted = await resources.insert(row, transaction);
    await writePersonalizeTags(transaction, inserted, resource.tags);
    return inserted;
  };
  try {
    return connection === undefined ? await sql.transaction(insert) : await insert(connection);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
    throw awsError("ResourceAlreadyExistsException", `Another resource with Arn ${row.arn} already exists.`);
  }
}

/** The resource of an ARN; locked until the transaction ends where a connection is given. Throws ResourceNotFoundException in AWS's words. */
export async function requirePersonalize<Body extends object>(
  resources: Pick<Resources, "find" | "findForUpdate">,
  owner: Owner,
  { type, arn = "" }: { readonly type: PersonalizeType; readonly arn: string | undefined },
  connection?: SqlConnection,
): Promise<Resource<Body>> {
  const name = ownName(arn, type, owner);
  if (name === undefined) throw personalizeNotFound(arn);
  const found =
    connection === undefined
      ? await resources.find<Body>(owner, personalizeType(type), name)
      : await resources.findForUpdate<Body>(owner, personalizeType(type), name, connection);
  if (found === undefined) throw personalizeNotFound(arn);
  return found;
}

export function personalizeNotFound(arn: string): AwsError {
  return awsError("ResourceNotFoundException", `Resource Arn ${arn} does not exist.`);
}

/** One page of a List operation, oldest first. Throws InvalidNextTokenException. */
export async function listPersonalize<Body extends object>(
  resources: Pick<Resources, "list">,
  { accountId, region }: Owner,
  type: PersonalizeType,
  { maxResults, nextToken, bodyContains }: PersonalizeListInput & { readonly bodyContains?: object },
): Promise<ResourcePage<Body>> {
  try {
    const query = { accountId, region, type: personalizeType(type), limit: maxResults ?? DEFAULT_PAGE };
    return await resources.list<Body>({ ...query, nextToken, bodyContains });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "InvalidToken") throw error;
    throw awsError("InvalidNextTokenException", "The token is not valid.");
  }
}

function wordInArn(type: PersonalizeType): string {
  if (type === "solution-version") return "solution";
  return type === "recommender-training" ? "recommender" : type;
}

/** The name that an ARN carries when it is one of this kind, account and region. */
function ownName(arn: string, type: PersonalizeType, { accountId, region }: Owner): string | undefined {
  const ref = parsePersonalizeArn(arn, type);
  return ref?.owner.accountId === accountId && ref.owner.region === region ? ref.name : undefined;
}
