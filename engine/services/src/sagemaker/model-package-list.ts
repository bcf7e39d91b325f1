import type {
  BatchDescribeModelPackageError,
  BatchDescribeModelPackageInput,
  BatchDescribeModelPackageOutput,
  BatchDescribeModelPackageSummary,
  ListModelPackagesInput,
  ListModelPackagesOutput,
  ModelPackageStatus,
} from "@aws-sdk/client-sagemaker";
import type { Resources } from "@rondo/store";
import { AwsError, type Caller } from "@rondo/wire";
import { listPage } from "./list-query.ts";
import { type ModelPackageBody, type ModelPackageRow, summarizePackage } from "./model-package-body.ts";
import { groupNameOf, requirePackage } from "./model-package-lookup.ts";
import { resourceType } from "./named-resource.ts";

/** ListModelPackages and BatchDescribeModelPackage. */
export function createModelPackageListOperations({ resources }: { readonly resources: Resources }) {
  async function listModelPackages(input: ListModelPackagesInput, caller: Caller): Promise<ListModelPackagesOutput> {
    const { ModelPackageGroupName: wanted, ModelApprovalStatus } = input;
    const group = wanted === undefined ? undefined : await groupNameOf(resources, caller, wanted);
    const type = group === undefined ? (input.ModelPackageType ?? "Unversioned") : "Versioned";
    const page = await listPage<ModelPackageBody>(resources, caller, resourceType("model-package"), {
      SortOrder: "Ascending",
      ...input,
      // Versions are made one after the other: the order of their numbers is that of their creation.
      SortBy: group !== undefined && input.SortBy === "Name" ? "CreationTime" : input.SortBy,
      namePrefix: group === undefined ? undefined : `${group}/`,
      bodyContains: {
        ...(type === "Both" ? {} : { registration: { type } }),
        ...(ModelApprovalStatus === undefined ? {} : { ModelApprovalStatus }),
      },
    });
    return { ModelPackageSummaryList: page.resources.map(summarizePackage), NextToken: page.nextToken };
  }

  async function batchDescribeModelPackage(
    input: BatchDescribeModelPackageInput,
    caller: Caller,
  ): Promise<BatchDescribeModelPackageOutput> {
    const summaries: Record<string, BatchDescribeModelPackageSummary> = {};
    const errors: Record<string, BatchDescribeModelPackageError> = {};
    for (const arn of input.ModelPackageArnList ?? []) {
      try {
        summaries[arn] = batchSummary(await requirePackage(resources, caller, arn));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors[arn] = { ErrorCode: error.code, ErrorResponse: error.message };
      }
    }
    return { ModelPackageSummaries: summaries, BatchDescribeModelPackageErrorMap: errors };
  }

  return { listModelPackages, batchDescribeModelPackage };
}

function batchSummary({ arn, status, createdAt, body }: ModelPackageRow): BatchDescribeModelPackageSummary {
  return {
    ModelPackageGroupName: body.ModelPackageGroupName,
    ModelPackageVersion: body.ModelPackageVersion,
    ModelPackageArn: arn,
    ModelPackageDescription: body.ModelPackageDescription,
    CreationTime: createdAt,
    InferenceSpecification: body.InferenceSpecification,
    ModelPackageStatus: status as ModelPackageStatus,
    ModelApprovalStatus: body.ModelApprovalStatus,
    ModelPackageRegistrationType: body.ModelPackageRegistrationType,
  };
}
