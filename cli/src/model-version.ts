import { ListModelPackagesCommand } from "@aws-sdk/client-sagemaker";
import { ModelPackage, type Session } from "@rondo/sdk";
import { CliError } from "./cli-error.ts";
import { type Invocation, requiredArgument } from "./command.ts";
import { orNoSuch } from "./no-such-resource.ts";

/** How commands name a version. */
export const versionArgument = { "<version>": "group and version of the model: sentiment/3" } as const;

/** The version of the registry that `<group>/<number>` names. */
export async function findModelVersion(invocation: Invocation, session: Session): Promise<ModelPackage> {
  const given = requiredArgument(invocation, 0);
  const [, group, version] = /^([^/]+)\/(\d+)$/.exec(given) ?? [];
  if (group === undefined || version === undefined) {
    throw new CliError("usage", `"${given}" is no version of a model.`, "Write group and number: sentiment/3");
  }
  const advice = `\`rondo models list ${group}\` lists them.`;
  const listed = await orNoSuch(
    session.sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: group, MaxResults: 1 }), {
      abortSignal: invocation.signal,
    }),
    `model package group ${group}`,
    "`rondo models` lists them.",
  );
  const arn = listed.ModelPackageSummaryList?.[0]?.ModelPackageArn;
  if (arn === undefined) throw new CliError("notFound", `${group} has no versions.`, advice);
  const model = new ModelPackage(arn.replace(/\d+$/, version), session);
  await orNoSuch(model.describe(invocation.signal), `version ${version} of ${group}`, advice);
  return model;
}
