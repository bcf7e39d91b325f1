import type { Constraints } from "@rondo/wire";
import { ENTITY_NAME_PATTERN } from "./endpoint-config.ts";

const ARN_OR_NAME_PATTERN = String.raw`(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)`;
const VERSIONED_ARN_OR_NAME_PATTERN = String.raw`${ARN_OR_NAME_PATTERN}(\/[0-9]{1,9})?`;
const PACKAGE_ARN_PATTERN = String.raw`arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package/[\S]{1,2048}`;
const DESCRIPTION_PATTERN = String.raw`[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*`;
const METADATA_PATTERN = String.raw`([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)`;
const S3_PATTERN = "(https|s3)://([^/]+)/?(.*)";
const NAME_CONTAINS_PATTERN = String.raw`[a-zA-Z0-9\-]+`;

const groupName = { min: 1, max: 170, pattern: ARN_OR_NAME_PATTERN };
const entityName = { min: 1, max: 63, pattern: ENTITY_NAME_PATTERN };
const packageName = { min: 1, max: 176, pattern: VERSIONED_ARN_OR_NAME_PATTERN };
const packageArn = { min: 1, max: 2048, pattern: PACKAGE_ARN_PATTERN };
const clientToken = { min: 1, max: 36, pattern: "[a-zA-Z0-9-]+" };
const description = { max: 1024, pattern: DESCRIPTION_PATTERN };
const sourceUri = { max: 1024, pattern: String.raw`[\p{L}\p{M}\p{Z}\p{N}\p{P}]{0,1024}` };
const metadataKey = { min: 1, max: 128, pattern: METADATA_PATTERN };
const metadataValue = { min: 1, max: 256, pattern: METADATA_PATTERN };
const line = { max: 1024, pattern: ".*" };

/** What a container definition of the inference specification, and those of the additional ones, must look like. */
const specificationConstraints: Constraints = {
  "InferenceSpecification.Containers": { min: 1, max: 15 },
  "InferenceSpecification.SupportedTransformInstanceTypes": { min: 1 },
  "InferenceSpecification.SupportedContentTypes[]": { max: 256, pattern: ".*" },
  "InferenceSpecification.SupportedResponseMIMETypes[]": { max: 1024, pattern: String.raw`[-\w]+\/.+` },
  "AdditionalInferenceSpecificationDefinition.Name": entityName,
  "AdditionalInferenceSpecificationDefinition.Description": description,
  "AdditionalInferenceSpecificationDefinition.Containers": { min: 1, max: 15 },
  "AdditionalInferenceSpecificationDefinition.SupportedTransformInstanceTypes": { min: 1 },
  "ModelPackageContainerDefinition.ContainerHostname": { max: 63, pattern: ENTITY_NAME_PATTERN },
  "ModelPackageContainerDefinition.Image": { max: 255, pattern: String.raw`[\S]+` },
  "ModelPackageContainerDefinition.ImageDigest": { max: 72, pattern: "[Ss][Hh][Aa]256:[0-9a-fA-F]{64}" },
  "ModelPackageContainerDefinition.ModelDataUrl": { max: 1024, pattern: S3_PATTERN },
  "ModelPackageContainerDefinition.Environment": { max: 100 },
  "ModelPackageContainerDefinition.Environment{key}": { max: 1024, pattern: "[a-zA-Z_][a-zA-Z0-9_]*" },
  "ModelPackageContainerDefinition.Environment{value}": { max: 1024, pattern: String.raw`[\S\s]*` },
  "ModelPackageContainerDefinition.FrameworkVersion": { min: 3, max: 10, pattern: String.raw`[0-9]\.[A-Za-z0-9.-]+` },
};

export const modelPackageConstraints: Constraints = {
  ...specificationConstraints,
  "CreateModelPackageGroupInput.ModelPackageGroupName": entityName,
  "CreateModelPackageGroupInput.ModelPackageGroupDescription": description,
  "CreateModelPackageGroupInput.Tags": { max: 50 },
  "DescribeModelPackageGroupInput.ModelPackageGroupName": groupName,
  "DeleteModelPackageGroupInput.ModelPackageGroupName": groupName,
  "PutModelPackageGroupPolicyInput.ModelPackageGroupName": entityName,
  "PutModelPackageGroupPolicyInput.ResourcePolicy": { min: 1, max: 20_480, pattern: String.raw`[\s\S]*` },
  "GetModelPackageGroupPolicyInput.ModelPackageGroupName": entityName,
  "DeleteModelPackageGroupPolicyInput.ModelPackageGroupName": entityName,
  "ListModelPackageGroupsInput.MaxResults": { min: 1, max: 100 },
  "ListModelPackageGroupsInput.NameContains": { max: 63, pattern: NAME_CONTAINS_PATTERN },
  "ListModelPackageGroupsInput.NextToken": { max: 8192, pattern: ".*" },
  "CreateModelPackageInput.ModelPackageName": entityName,
  "CreateModelPackageInput.ModelPackageGroupName": groupName,
  "CreateModelPackageInput.ModelPackageDescription": description,
  "CreateModelPackageInput.Tags": { max: 50 },
  "CreateModelPackageInput.ClientToken": clientToken,
  "CreateModelPackageInput.SamplePayloadUrl": { max: 1024, pattern: S3_PATTERN },
  "CreateModelPackageInput.CustomerMetadataProperties": { min: 1, max: 50 },
  "CreateModelPackageInput.CustomerMetadataProperties{key}": metadataKey,
  "CreateModelPackageInput.CustomerMetadataProperties{value}": metadataValue,
  "CreateModelPackageInput.AdditionalInferenceSpecifications": { min: 1, max: 15 },
  "CreateModelPackageInput.SourceUri": sourceUri,
  "MetadataProperties.CommitId": line,
  "MetadataProperties.Repository": line,
  "MetadataProperties.GeneratedBy": line,
  "MetadataProperties.ProjectId": line,
  "ModelLifeCycle.Stage": entityName,
  "ModelLifeCycle.StageStatus": entityName,
  "ModelLifeCycle.StageDescription": { max: 1024, pattern: ".{0,1024}" },
  "ModelPackageModelCard.ModelCardContent": { max: 100_000, pattern: ".*" },
  "DescribeModelPackageInput.ModelPackageName": packageName,
  "DeleteModelPackageInput.ModelPackageName": packageName,
  "UpdateModelPackageInput.ModelPackageArn": packageArn,
  "UpdateModelPackageInput.ApprovalDescription": line,
  "UpdateModelPackageInput.CustomerMetadataProperties": { min: 1, max: 50 },
  "UpdateModelPackageInput.CustomerMetadataProperties{key}": metadataKey,
  "UpdateModelPackageInput.CustomerMetadataProperties{value}": metadataValue,
  "UpdateModelPackageInput.CustomerMetadataPropertiesToRemove[]": metadataKey,
  "UpdateModelPackageInput.AdditionalInferenceSpecificationsToAdd": { min: 1, max: 15 },
  "UpdateModelPackageInput.SourceUri": sourceUri,
  "UpdateModelPackageInput.ClientToken": clientToken,
  "ListModelPackagesInput.MaxResults": { min: 1, max: 100 },
  "ListModelPackagesInput.NameContains": { max: 63, pattern: NAME_CONTAINS_PATTERN },
  "ListModelPackagesInput.ModelPackageGroupName": groupName,
  "ListModelPackagesInput.NextToken": { max: 8192, pattern: ".*" },
  "BatchDescribeModelPackageInput.ModelPackageArnList": { min: 1, max: 100 },
  "BatchDescribeModelPackageInput.ModelPackageArnList[]": packageArn,
  "ContainerDefinition.ModelPackageName": packageName,
  "ContainerDefinition.InferenceSpecificationName": entityName,
};

export const modelPackageNotHonoured = {
  CreateModelPackageGroup: "Refused: ManagedConfiguration.",
  ListModelPackageGroups: "Groups of other accounts are not shared: CrossAccount lists nothing.",
  PutModelPackageGroupPolicy:
    "The policy is kept and shown, and changes nothing: groups are not shared between accounts.",
  CreateModelPackage:
    "Refused: CertifyForMarketplace, SourceAlgorithmSpecification, ValidationProfiles, ManagedStorageType, and of containers ProductId, AdditionalModelDataSources, AdditionalS3DataSource. " +
    "Kept and shown, and without effect: SecurityConfig, ModelCard, ModelLifeCycle, DriftCheckBaselines, ModelMetrics, SkipModelValidation, ModelPackageRegistrationType. ModelApprovalStatus of an unversioned package is dropped. " +
    "Where GeneratedBy is missing it becomes the ARN of the training job that made the artifact, if one is known.",
} as const;
