import { createHash, randomBytes } from "node:crypto";
import type { Tag } from "@aws-sdk/client-iam";
import {
  type Resource,
  type ResourcePage,
  type Resources,
  type Sql,
  type SqlConnection,
  StoreError,
} from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";

export interface IamDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
}

export interface RoleBody {
  readonly RoleName: string;
  readonly Path: string;
  readonly RoleId: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration: number;
  readonly PermissionsBoundary?: string;
  readonly Tags: readonly Tag[];
  /** Inline policies: name → document. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
}

export interface PolicyBody {
  readonly PolicyName: string;
  readonly Path: string;
  readonly PolicyId: string;
  readonly Description?: string;
  readonly Tags: readonly Tag[];
  readonly attachmentCount: number;
  readonly defaultVersion: string;
  readonly versions: readonly { readonly id: string; readonly document: string; readonly createdAt: string }[];
  readonly lastVersion: number;
}

/** IAM knows no regions. */
export function iamOwner({ accountId }: Pick<Caller, "accountId">) {
  return { accountId, region: "aws-global" };
}

/** Names differ by more than case, so the table's key is in lower case. */
export function iamKey(name: string): string {
  return name.toLowerCase();
}

/** Ids as IAM has them: four letters for the kind, 17 of base 32. */
export function iamId(prefix: "AROA" | "ANPA"): string {
  return prefix + base32(randomBytes(17));
}

/** The id of a user, who is not stored: derived from the ARN, so that it is always the same. */
export function userId(arn: string): string {
  return `AIDA${base32(createHash("sha256").update(arn).digest().subarray(0, 17))}`;
}

function base32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(byte % 32)).join("");
}

export async function findRole(
  { resources }: Pick<IamDependencies, "resources">,
  caller: Pick<Caller, "accountId">,
  name: string,
): Promise<Resource<RoleBody> | undefined> {
  const role = await resources.find<RoleBody>(iamOwner(caller), "iam/role", iamKey(name));
  return role?.body.RoleName === name ? role : undefined;
}

export async function requireRole(
  dependencies: IamDependencies,
  caller: Caller,
  name: string,
): Promise<Resource<RoleBody>> {
  const role = await findRole(dependencies, caller, name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** Changes a role's body under a lock; `change` may write more in the same transaction. */
export async function changeRole(
  { sql, resources }: IamDependencies,
  { caller, name }: { readonly caller: Caller; readonly name: string },
  change: (role: Resource<RoleBody>, transaction: SqlConnection) => RoleBody | Promise<RoleBody>,
): Promise<void> {
  await sql.transaction(async (transaction) => {
    const role = await resources.findForUpdate<RoleBody>(iamOwner(caller), "iam/role", iamKey(name), transaction);
    if (role?.body.RoleName !== name) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    await resources.update(role, { body: await change(role, transaction) }, transaction);
  });
}

export function noSuchEntity(message: string) {
  return awsError("NoSuchEntityException", message);
}

/** JSON objects with a Statement pass; what the statements say is stored and not enforced. */
export function checkDocument(document: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw awsError("MalformedPolicyDocumentException", "This policy contains invalid Json");
  if (!("Statement" in parsed) || typeof parsed.Statement !== "object" || parsed.Statement === null)
    throw awsError("MalformedPolicyDocumentException", "Syntax errors in policy: Statement is missing.");
  return document;
}

/** IAM returns documents percent-encoded (RFC 3986). */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The resource, or IAM's refusal when its name is taken. */
export async function insertOrExists<Body extends object>(
  work: Promise<Resource<Body>>,
  message: string,
): Promise<Resource<Body>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError && error.code === "AlreadyExists")
      throw awsError("EntityAlreadyExistsException", message);
    throw error;
  }
}

/** A page of resources by name; a page may be shorter than MaxItems and not the last, as IAM's are. */
export async function listByName<Body extends { readonly Path: string }>(
  { resources }: IamDependencies,
  caller: Caller,
  query: { readonly type: string; readonly PathPrefix?: string; readonly Marker?: string; readonly MaxItems?: number },
): Promise<ResourcePage<Body>> {
  try {
    const page = await resources.list<Body>({
      ...iamOwner(caller),
      type: query.type,
      sortBy: "name",
      sortOrder: "ascending",
      limit: query.MaxItems ?? 100,
      nextToken: query.Marker,
    });
    return { ...page, resources: page.resources.filter(({ body }) => body.Path.startsWith(query.PathPrefix ?? "/")) };
  } catch (error) {
    if (error instanceof StoreError && error.code === "InvalidToken")
      throw awsError("ValidationError", "Invalid Marker.", { status: 400 });
    throw error;
  }
}

/** `values` in the order of IAM's lists, from the one after the marker on. */
export function pageOf(
  values: readonly string[],
  { Marker = "", MaxItems = 100 }: { Marker?: string; MaxItems?: number },
) {
  const rest = values.filter((value) => value > Marker).sort();
  const page = rest.slice(0, MaxItems);
  return { page, IsTruncated: rest.length > MaxItems, Marker: rest.length > MaxItems ? page.at(-1) : undefined };
}
