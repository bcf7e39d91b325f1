import type { Owner, Resources } from "@rondo/store";
import { awsError } from "@rondo/wire";
import type { ModelPackageRow } from "./model-package-body.ts";
import { requireNamed, resourceType } from "./named-resource.ts";

/** The name in a name or ARN of a model package group. An ARN has it in lower case, so one with capitals is found by its ARN. */
export async function groupNameOf(resources: Resources, owner: Owner, nameOrArn: string): Promise<string> {
  return (await findByArn(resources, owner, "model-package-group", nameOrArn))?.name ?? lastOf(nameOrArn, "/");
}

/** Finds a package by `<group>/<version>`, by an unversioned name, or by ARN. Throws ValidationException "ModelPackage <arn> does not exist.". */
export async function requirePackage(resources: Resources, owner: Owner, nameOrArn: string): Promise<ModelPackageRow> {
  const byArn = await findByArn(resources, owner, "model-package", nameOrArn);
  if (byArn !== undefined) return byArn as ModelPackageRow;
  if (nameOrArn.startsWith("arn:")) throw awsError("ValidationException", `ModelPackage ${nameOrArn} does not exist.`);
  return await requireNamed(resources, owner, { type: "model-package", name: nameOrArn });
}

async function findByArn(
  resources: Resources,
  { accountId, region }: Owner,
  type: "model-package" | "model-package-group",
  arn: string,
) {
  if (!arn.startsWith("arn:")) return undefined;
  const page = await resources.list({ accountId, region, type: resourceType(type), arn, limit: 1 });
  return page.resources[0];
}

function lastOf(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
