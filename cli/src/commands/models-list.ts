import { paginateListModelPackageGroups, paginateListModelPackages } from "@aws-sdk/client-sagemaker";
import type { Session } from "@rondo/sdk";
import type { CliCommand, Invocation } from "../command.ts";
import { limitOption, printListing } from "../listing.ts";
import { orNoSuch } from "../no-such-resource.ts";

const newestFirst = { SortBy: "CreationTime", SortOrder: "Descending" } as const;

async function listGroups(invocation: Invocation, { sagemaker: client }: Session): Promise<void> {
  await printListing(invocation, {
    pages: (pageSize) =>
      paginateListModelPackageGroups({ client, pageSize }, newestFirst, { abortSignal: invocation.signal }),
    rowsOf: ({ ModelPackageGroupSummaryList }) => ModelPackageGroupSummaryList,
    columns: [
      { title: "GROUP", value: ({ ModelPackageGroupName }) => ModelPackageGroupName },
      { title: "STATUS", value: ({ ModelPackageGroupStatus }) => ModelPackageGroupStatus },
      { title: "CREATED (UTC)", value: ({ CreationTime }) => CreationTime },
      { title: "DESCRIPTION", value: ({ ModelPackageGroupDescription }) => ModelPackageGroupDescription },
    ],
    empty: "The registry is empty.",
  });
}

async function listVersions(invocation: Invocation, { sagemaker: client }: Session, group: string): Promise<void> {
  await printListing(invocation, {
    pages: (pageSize) =>
      paginateListModelPackages(
        { client, pageSize },
        { ModelPackageGroupName: group, ...newestFirst },
        { abortSignal: invocation.signal },
      ),
    rowsOf: ({ ModelPackageSummaryList }) => ModelPackageSummaryList,
    columns: [
      { title: "VERSION", value: ({ ModelPackageVersion }) => `${group}/${ModelPackageVersion}` },
      { title: "APPROVAL", value: ({ ModelApprovalStatus }) => ModelApprovalStatus },
      { title: "CREATED (UTC)", value: ({ CreationTime }) => CreationTime },
      { title: "DESCRIPTION", value: ({ ModelPackageDescription }) => ModelPackageDescription },
    ],
    empty: `${group} has no versions.`,
  });
}

/** Lists the model registry. */
export const modelsListCommand: CliCommand = {
  name: "models list",
  summary: "List the model registry: its groups, or the versions of one, newest first",
  arguments: { "[group]": "name of a model package group" },
  options: [limitOption],
  examples: ["rondo models", "rondo models list sentiment"],
  async run(invocation) {
    using session = await invocation.session();
    const group = invocation.arguments[0];
    if (group === undefined) return await listGroups(invocation, session);
    const advice = "`rondo models` lists them.";
    await orNoSuch(listVersions(invocation, session, group), `model package group ${group}`, advice);
  },
};
