import type { LogGroup, LogGroupRef, Logs } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";

/** How requests name a group: by name, or by name or ARN. */
export interface LogGroupNaming {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}

const arnPattern = /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:([^:*]+)(?::\*)?$/;

/** The group that a request means. Throws InvalidParameterException when it names none or two. */
export function logGroupRef({ logGroupName, logGroupIdentifier }: LogGroupNaming, caller: Caller): LogGroupRef {
  const identifier = logGroupName ?? logGroupIdentifier;
  if (identifier === undefined || (logGroupName !== undefined && logGroupIdentifier !== undefined))
    throw awsError("InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier is required.");
  const group = identifier.startsWith("arn:") ? nameOfArn(identifier, caller) : identifier;
  return { accountId: caller.accountId, region: caller.region, group };
}

/** The group's name in an ARN, with or without `:*` at its end. Groups of other accounts and regions are not found. */
export function nameOfArn(arn: string, caller: Caller): string {
  const name = arnPattern.exec(arn)?.[1];
  if (name === undefined) throw awsError("InvalidParameterException", `${arn} is not the ARN of a log group.`);
  if (!arn.startsWith(logGroupArn(caller, name))) throw noSuchGroup();
  return name;
}

export function logGroupArn({ region, accountId }: Pick<Caller, "region" | "accountId">, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

export async function requireGroup(logs: Logs, ref: LogGroupRef): Promise<LogGroup> {
  const group = await logs.findGroup(ref);
  if (group === undefined) throw noSuchGroup();
  return group;
}

export function noSuchGroup() {
  return awsError("ResourceNotFoundException", "The specified log group does not exist.");
}

export function noSuchStream() {
  return awsError("ResourceNotFoundException", "The specified log stream does not exist.");
}
