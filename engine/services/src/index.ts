export { createAlarmKind } from "./cloudwatch/alarm-kind.ts";
export { createCloudWatchService } from "./cloudwatch/cloudwatch.ts";
export { createDynamoDbService } from "./dynamodb/dynamodb.ts";
export { expireItems } from "./dynamodb/expire-items.ts";
export { createItemRoute } from "./dynamodb/item-route.ts";
export { createTableKind } from "./dynamodb/table-kind.ts";
export { createIamService } from "./iam/iam.ts";
export { endJobs } from "./jobs/end-jobs.ts";
export { type SweepDependencies, sweepJobs } from "./jobs/sweep-jobs.ts";
export { createLogsService } from "./logs/logs.ts";
export { createDatasetKinds, type DatasetKindsDependencies } from "./personalize/dataset-kinds.ts";
export { type ErasedModel, findErasedModels } from "./personalize/erased-models.ts";
export { createExtrasRoute } from "./personalize/extras-route.ts";
export { createModelKinds, type ModelKindsDependencies } from "./personalize/model-kinds.ts";
export { createPersonalizeService } from "./personalize/personalize.ts";
export { INTERNAL_ACCOUNT } from "./personalize/storage.ts";
export { sweepSegments } from "./personalize/sweep-segments.ts";
export { createPersonalizeEventsService } from "./personalize-events/personalize-events.ts";
export { createPersonalizeRuntimeService } from "./personalize-runtime/personalize-runtime.ts";
export { createRecommendationsRoute } from "./personalize-runtime/recommendations-route.ts";
export { restoreCampaigns } from "./personalize-runtime/restore-campaigns.ts";
export { createS3Service } from "./s3/s3.ts";
export { createSmallObjectRoute } from "./s3/small-object-route.ts";
export { createEndpointKind } from "./sagemaker/endpoint-kind.ts";
export {
  createPipelineExecutionKind,
  type PipelineExecutionKindDependencies,
} from "./sagemaker/pipeline/execution-kind.ts";
export { createProcessingJobKind, type ProcessingJobKindDependencies } from "./sagemaker/processing-job-kind.ts";
export { restoreEndpoints } from "./sagemaker/restore-endpoints.ts";
export { createSageMakerService } from "./sagemaker/sagemaker.ts";
export {
  createScriptProcessingImages,
  createTrainingImages,
  type ScriptImageOptions,
} from "./sagemaker/script-images.ts";
export { createTrainingJobKind, type TrainingJobKindDependencies } from "./sagemaker/training-job-kind.ts";
export { createInvokeEndpointRoute } from "./sagemaker-runtime/invoke-endpoint-route.ts";
export { createSageMakerRuntimeService } from "./sagemaker-runtime/sagemaker-runtime.ts";
export { createDeliveryKind } from "./sns/delivery-kind.ts";
export { createMailer } from "./sns/mail.ts";
export { subscriptionPath } from "./sns/notification-document.ts";
export { createSnsService } from "./sns/sns.ts";
export { createSubscriptionKind } from "./sns/subscription-kind.ts";
export { createSubscriptionRoute } from "./sns/subscription-route.ts";
export { createSqsService } from "./sqs/sqs.ts";
export { createStsService } from "./sts/sts.ts";
