import type { Constraints } from "@rondo/wire";

const NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}";
const S3_URI = "(https|s3)://([^/]+)/?(.*)";
const ROLE = String.raw`arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`;
const KMS_KEY = "[a-zA-Z0-9:/_-]*";

/** What AWS checks of the processing job operations, as its API reference states it; what they share with training jobs stands there. */
export const processingJobConstraints: Constraints = {
  "CreateProcessingJobRequest.ProcessingJobName": { min: 1, max: 63, pattern: NAME },
  "CreateProcessingJobRequest.RoleArn": { min: 20, max: 2048, pattern: ROLE },
  "CreateProcessingJobRequest.ProcessingInputs": { max: 10 },
  "ProcessingS3Input.S3Uri": { max: 1024, pattern: S3_URI },
  "ProcessingS3Input.LocalPath": { max: 256, pattern: ".*" },
  "DatasetDefinition.LocalPath": { max: 256, pattern: ".*" },
  "AthenaDatasetDefinition.Catalog": { min: 1, max: 256 },
  "AthenaDatasetDefinition.Database": { min: 1, max: 255 },
  "AthenaDatasetDefinition.QueryString": { min: 1, max: 4096 },
  "AthenaDatasetDefinition.WorkGroup": { min: 1, max: 128, pattern: "[a-zA-Z0-9._-]+" },
  "AthenaDatasetDefinition.OutputS3Uri": { max: 1024, pattern: S3_URI },
  "AthenaDatasetDefinition.KmsKeyId": { max: 2048, pattern: KMS_KEY },
  "RedshiftDatasetDefinition.ClusterId": { min: 1, max: 63 },
  "RedshiftDatasetDefinition.Database": { min: 1, max: 64 },
  "RedshiftDatasetDefinition.DbUser": { min: 1, max: 128 },
  "RedshiftDatasetDefinition.QueryString": { min: 1, max: 4096 },
  "RedshiftDatasetDefinition.ClusterRoleArn": { min: 20, max: 2048, pattern: ROLE },
  "RedshiftDatasetDefinition.OutputS3Uri": { max: 1024, pattern: S3_URI },
  "RedshiftDatasetDefinition.KmsKeyId": { max: 2048, pattern: KMS_KEY },
  "ProcessingOutputConfig.Outputs": { max: 10 },
  "ProcessingOutputConfig.KmsKeyId": { max: 2048, pattern: KMS_KEY },
  "ProcessingS3Output.S3Uri": { max: 1024, pattern: S3_URI },
  "ProcessingS3Output.LocalPath": { max: 256, pattern: ".*" },
  "ProcessingFeatureStoreOutput.FeatureGroupName": { min: 1, max: 64, pattern: "[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}" },
  "ProcessingClusterConfig.InstanceCount": { min: 1, max: 100 },
  "ProcessingClusterConfig.VolumeSizeInGB": { min: 1, max: 16384 },
  "ProcessingClusterConfig.VolumeKmsKeyId": { max: 2048, pattern: KMS_KEY },
  "ProcessingClusterConfig.InstancePreferences": { min: 1, max: 5 },
  "ProcessingClusterConfig.SelectedInstanceCount": { min: 1, max: 100 },
  "ProcessingInstancePreference.InstanceCount": { min: 1, max: 100 },
  "ProcessingStoppingCondition.MaxRuntimeInSeconds": { min: 1, max: 777600 },
  "AppSpecification.ImageUri": { max: 255, pattern: ".*" },
  "AppSpecification.ContainerEntrypoint": { min: 1, max: 100 },
  "AppSpecification.ContainerEntrypoint[]": { max: 256 },
  "AppSpecification.ContainerArguments": { min: 1, max: 100 },
  "AppSpecification.ContainerArguments[]": { max: 256 },
  "CreateProcessingJobRequest.Environment": { max: 100 },
  "CreateProcessingJobRequest.Environment{key}": { max: 256, pattern: "[a-zA-Z_][a-zA-Z0-9_]*" },
  "CreateProcessingJobRequest.Environment{value}": { max: 256 },
  "CreateProcessingJobRequest.Tags": { max: 50 },
  "ListProcessingJobsRequest.NextToken": { max: 8192, pattern: ".*" },
  "ListProcessingJobsRequest.MaxResults": { min: 1, max: 100 },
  "DescribeProcessingJobRequest.ProcessingJobName": { min: 1, max: 63, pattern: NAME },
  "StopProcessingJobRequest.ProcessingJobName": { min: 1, max: 63, pattern: NAME },
  "DeleteProcessingJobRequest.ProcessingJobName": { min: 1, max: 63, pattern: NAME },
};

/** What CreateProcessingJob accepts and does not honour. */
export const processingJobNotHonoured = {
  CreateProcessingJob:
    "Instance types, counts and volumes: a job is one process of the server's host, whatever ClusterConfig says, so ShardedByS3Key copies every object. NetworkConfig, KMS keys and ExperimentConfig: stored and described, without effect. Inputs and outputs that are AppManaged are left to the program. Outputs of mode EndOfJob are uploaded when the job has Completed, those of mode Continuous every few seconds and at any end. Of a program's output the first 128 MiB are kept (a line counts 64 bytes more), and the program goes on. Refused: images that are no script images (the job fails), Pipe mode, DatasetDefinition, FeatureStoreOutput.",
} as const;
