import { createRequire } from "node:module";
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetAccessKeyInfoRequest,
  GetAccessKeyInfoResponse,
  GetCallerIdentityResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from "@aws-sdk/client-sts";
import type { AccessKey, AccessKeys, Resource, Resources } from "@rondo/store";
import { awsError, type Caller, type SdkModule, type ServiceDefinition } from "@rondo/wire";
import { findRole, iamOwner, type RoleBody, userId } from "../iam/iam-resource.ts";

const require = createRequire(import.meta.url);

export interface StsDependencies {
  readonly resources: Resources;
  readonly accessKeys: AccessKeys;
}

/** STS: every operation of it that Rondo answers. */
export function createStsService(dependencies: StsDependencies): ServiceDefinition {
  const operations = createStsOperations(dependencies);
  return {
    id: "sts",
    signingName: "sts",
    protocols: ["query"],
    load: () => require("@aws-sdk/client-sts") as SdkModule,
    client: "STSClient",
    operations: {
      GetCallerIdentity: operations.getCallerIdentity,
      AssumeRole: operations.assumeRole,
      GetSessionToken: operations.getSessionToken,
      GetAccessKeyInfo: operations.getAccessKeyInfo,
    },
    constraints: {
      "AssumeRoleRequest.RoleArn": { min: 20, max: 2048 },
      "AssumeRoleRequest.RoleSessionName": { min: 2, max: 64, pattern: "[\\w+=,.@-]*" },
      "AssumeRoleRequest.DurationSeconds": { min: 900, max: 43_200 },
      "GetSessionTokenRequest.DurationSeconds": { min: 900, max: 129_600 },
      "GetAccessKeyInfoRequest.AccessKeyId": { min: 16, max: 128, pattern: "[\\w]*" },
    },
    notHonoured: {
      AssumeRole:
        "While an account has no roles, any well-formed role ARN of it can be assumed. Policy, PolicyArns, Tags, ExternalId, MFA and trust policies do not narrow anything.",
      GetSessionToken: "SerialNumber and TokenCode are not checked.",
    },
  };
}

/**
 * Credentials are real: requests signed with them pass, until they expire. Roles are those of the caller's own account. Scripts often name a role
 * that was made elsewhere; so as long as IAM knows no role of the account any may be assumed, and from the first CreateRole on only existing ones.
 */
export function createStsOperations({ resources, accessKeys }: StsDependencies) {
  return {
    async getCallerIdentity(_input: object, caller: Caller): Promise<GetCallerIdentityResponse> {
      return { UserId: await principalId(resources, caller), Account: caller.accountId, Arn: caller.arn };
    },

    async assumeRole(input: AssumeRoleRequest, caller: Caller): Promise<AssumeRoleResponse> {
      const { RoleArn = "", RoleSessionName = "", DurationSeconds = 3600 } = input;
      const [, accountId, name] =
        /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)$/.exec(RoleArn) ?? [];
      if (accountId === undefined || name === undefined) throw awsError("ValidationError", `${RoleArn} is invalid`);
      const role = await findRole({ resources }, { accountId }, name);
      const found = role?.arn === RoleArn ? role : undefined;
      if (accountId !== caller.accountId || (found === undefined && (await hasRoles(resources, caller))))
        throw awsError(
          "AccessDenied",
          `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}. Rondo assumes roles of the caller's account that iam CreateRole has made.`,
          { status: 403 },
        );
      checkDuration(DurationSeconds, caller, found);
      const arn = `arn:aws:sts::${accountId}:assumed-role/${name}/${RoleSessionName}`;
      const credentials = await accessKeys.createTemporary({ accountId, arn }, DurationSeconds);
      return {
        Credentials: credentialsOf(credentials),
        AssumedRoleUser: { AssumedRoleId: `${roleId(found, name)}:${RoleSessionName}`, Arn: arn },
      };
    },

    async getSessionToken(input: GetSessionTokenRequest, caller: Caller): Promise<GetSessionTokenResponse> {
      if (caller.accessKeyId.startsWith("ASIA"))
        throw awsError("AccessDenied", "Cannot call GetSessionToken with session credentials", { status: 403 });
      const { accountId, arn } = caller;
      const credentials = await accessKeys.createTemporary({ accountId, arn }, input.DurationSeconds ?? 43_200);
      return { Credentials: credentialsOf(credentials) };
    },

    async getAccessKeyInfo(input: GetAccessKeyInfoRequest): Promise<GetAccessKeyInfoResponse> {
      const key = await accessKeys.find(input.AccessKeyId ?? "");
      if (key === undefined) throw awsError("ValidationError", `The access key ${input.AccessKeyId} is not known.`);
      return { Account: key.accountId };
    },
  };
}

/** A role made by CreateRole says how long; whoever is in a role already stays an hour at most ("role chaining"). */
function checkDuration(seconds: number, caller: Caller, role: Resource<RoleBody> | undefined): void {
  if (caller.arn.includes(":assumed-role/") && seconds > 3600)
    throw awsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  if (seconds > (role?.body.MaxSessionDuration ?? 43_200))
    throw awsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
}

async function hasRoles(resources: Resources, caller: Caller): Promise<boolean> {
  const page = await resources.list({ ...iamOwner(caller), type: "iam/role", limit: 1 });
  return page.resources.length > 0;
}

async function principalId(resources: Resources, { arn, accountId }: Caller): Promise<string> {
  if (arn.endsWith(":root")) return accountId;
  const [, name, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (name === undefined) return userId(arn);
  return `${roleId(await findRole({ resources }, { accountId }, name), name)}:${session}`;
}

function roleId(role: Resource<RoleBody> | undefined, name: string): string {
  return role?.body.RoleId ?? userId(`role/${name}`).replace("AIDA", "AROA");
}

function credentialsOf({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: AccessKey) {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken ?? "",
    Expiration: expiresAt,
  };
}
