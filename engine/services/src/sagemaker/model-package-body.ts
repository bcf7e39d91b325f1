import type {
  CreateModelPackageInput,
  DescribeModelPackageOutput,
  ModelPackageStatus,
  ModelPackageSummary,
  UserContext,
} from "@aws-sdk/client-sagemaker";
import type { Resource } from "@rondo/store";

/** A model package's row: the input that is kept, and what has become of it since. */
export interface ModelPackageBody
  extends Readonly<Omit<CreateModelPackageInput, "ModelPackageName" | "Tags" | "ClientToken">> {
  readonly ModelPackageVersion?: number;
  readonly ApprovalDescription?: string;
  readonly CreatedBy: UserContext;
  readonly LastModifiedBy?: UserContext;
  readonly registration: ModelPackageRegistration;
}

/** What the registry remembers of the requests that made the package what it is. */
export interface ModelPackageRegistration {
  readonly type: "Versioned" | "Unversioned";
  /** Of CreateModelPackage, with a digest of its input: the same request again creates nothing. */
  readonly clientToken?: string;
  readonly inputDigest: string;
  /** Of the last UpdateModelPackage. */
  readonly updateToken?: string;
}

export type ModelPackageRow = Resource<ModelPackageBody>;

/** DescribeModelPackage's answer. As on AWS only an unversioned package has a ModelPackageName. */
export function describePackage(row: ModelPackageRow): DescribeModelPackageOutput {
  const { registration, ...body } = row.body;
  return {
    ...body,
    ModelPackageName: registration.type === "Unversioned" ? row.name : undefined,
    ModelPackageArn: row.arn,
    ModelPackageStatus: row.status as ModelPackageStatus,
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CreationTime: row.createdAt,
    LastModifiedTime: row.updatedAt,
  };
}

/** One line of ListModelPackages. */
export function summarizePackage(row: ModelPackageRow): ModelPackageSummary {
  const { body } = row;
  return {
    ModelPackageName: body.registration.type === "Unversioned" ? row.name : undefined,
    ModelPackageGroupName: body.ModelPackageGroupName,
    ModelPackageVersion: body.ModelPackageVersion,
    ModelPackageArn: row.arn,
    ModelPackageDescription: body.ModelPackageDescription,
    CreationTime: row.createdAt,
    ModelPackageStatus: row.status as ModelPackageStatus,
    ModelApprovalStatus: body.ModelApprovalStatus,
    ModelLifeCycle: body.ModelLifeCycle,
    ModelPackageRegistrationType: body.ModelPackageRegistrationType,
  };
}

/** Whom SageMaker shows as CreatedBy and LastModifiedBy. */
export function userOf({ arn }: { readonly arn: string }): UserContext {
  return { IamIdentity: { Arn: arn } };
}
