export { createCloudWatchService } from "./cloudwatch/cloudwatch.ts";
export { createLogsService } from "./logs/logs.ts";
export { createS3Service } from "./s3/s3.ts";
export { createEndpointKind } from "./sagemaker/endpoint-kind.ts";
export { restoreEndpoints } from "./sagemaker/restore-endpoints.ts";
export { createSageMakerService } from "./sagemaker/sagemaker.ts";
export { createInvokeEndpointRoute } from "./sagemaker-runtime/invoke-endpoint-route.ts";
export { createSageMakerRuntimeService } from "./sagemaker-runtime/sagemaker-runtime.ts";
