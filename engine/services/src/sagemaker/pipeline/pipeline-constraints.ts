import type { Constraints } from "@rondo/wire";

const NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}";
const NAME_OR_ARN = `(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:([0-9]{12}|aws):pipeline/.*)?(${NAME})`;
const ROLE = String.raw`arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`;
const DISPLAY_NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}";

const token = { min: 32, max: 128 };
const roleArn = { min: 20, max: 2048, pattern: ROLE };
const definition = { min: 1, max: 1_048_576, pattern: String.raw`[\s\S]*` };
const description = { max: 3072, pattern: ".*" };
const executionArn = {
  max: 2048,
  pattern: String.raw`arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:pipeline\/.*\/execution\/.*`,
};
const page = { min: 1, max: 100 };
const nextToken = { max: 8192, pattern: ".*" };

/** What AWS checks of the pipeline operations, as its API reference states it. */
export const pipelineConstraints: Constraints = {
  "CreatePipelineRequest.PipelineName": { min: 1, max: 256, pattern: NAME },
  "CreatePipelineRequest.PipelineDisplayName": { min: 1, max: 256, pattern: NAME },
  "CreatePipelineRequest.PipelineDefinition": definition,
  "CreatePipelineRequest.PipelineDescription": description,
  "CreatePipelineRequest.ClientRequestToken": token,
  "CreatePipelineRequest.RoleArn": roleArn,
  "CreatePipelineRequest.Tags": { max: 50 },
  "UpdatePipelineRequest.PipelineName": { min: 1, max: 256, pattern: NAME },
  "UpdatePipelineRequest.PipelineDisplayName": { min: 1, max: 256, pattern: NAME },
  "UpdatePipelineRequest.PipelineDefinition": definition,
  "UpdatePipelineRequest.PipelineDescription": description,
  "UpdatePipelineRequest.RoleArn": roleArn,
  "DescribePipelineRequest.PipelineName": { min: 1, max: 2048, pattern: NAME_OR_ARN },
  "DescribePipelineRequest.PipelineVersionId": { min: 1 },
  "ListPipelinesRequest.PipelineNamePrefix": { min: 1, max: 256, pattern: NAME },
  "ListPipelinesRequest.NextToken": nextToken,
  "ListPipelinesRequest.MaxResults": page,
  "DeletePipelineRequest.PipelineName": { min: 1, max: 256, pattern: NAME },
  "DeletePipelineRequest.ClientRequestToken": token,
  "ListPipelineVersionsRequest.PipelineName": { min: 1, max: 2048, pattern: NAME_OR_ARN },
  "ListPipelineVersionsRequest.NextToken": nextToken,
  "ListPipelineVersionsRequest.MaxResults": page,
  "StartPipelineExecutionRequest.PipelineName": { min: 1, max: 2048, pattern: NAME_OR_ARN },
  "StartPipelineExecutionRequest.PipelineExecutionDisplayName": { min: 1, max: 82, pattern: DISPLAY_NAME },
  "StartPipelineExecutionRequest.PipelineParameters": { max: 200 },
  "StartPipelineExecutionRequest.PipelineExecutionDescription": description,
  "StartPipelineExecutionRequest.ClientRequestToken": token,
  "StartPipelineExecutionRequest.PipelineVersionId": { min: 1 },
  "StartPipelineExecutionRequest.MlflowExperimentName": { min: 1, max: 256, pattern: ".*" },
  "DescribePipelineExecutionRequest.PipelineExecutionArn": executionArn,
  "DescribePipelineDefinitionForExecutionRequest.PipelineExecutionArn": executionArn,
  "ListPipelineExecutionsRequest.PipelineName": { min: 1, max: 2048, pattern: NAME_OR_ARN },
  "ListPipelineExecutionsRequest.NextToken": nextToken,
  "ListPipelineExecutionsRequest.MaxResults": page,
  "ListPipelineExecutionStepsRequest.PipelineExecutionArn": executionArn,
  "ListPipelineExecutionStepsRequest.NextToken": nextToken,
  "ListPipelineExecutionStepsRequest.MaxResults": page,
  "ListPipelineParametersForExecutionRequest.PipelineExecutionArn": executionArn,
  "ListPipelineParametersForExecutionRequest.NextToken": nextToken,
  "ListPipelineParametersForExecutionRequest.MaxResults": page,
  "UpdatePipelineExecutionRequest.PipelineExecutionArn": executionArn,
  "UpdatePipelineExecutionRequest.PipelineExecutionDescription": description,
  "UpdatePipelineExecutionRequest.PipelineExecutionDisplayName": { min: 1, max: 82, pattern: DISPLAY_NAME },
  "StopPipelineExecutionRequest.PipelineExecutionArn": executionArn,
  "StopPipelineExecutionRequest.ClientRequestToken": token,
  "RetryPipelineExecutionRequest.PipelineExecutionArn": executionArn,
  "RetryPipelineExecutionRequest.ClientRequestToken": token,
  "ParallelismConfiguration.MaxParallelExecutionSteps": { min: 1 },
  "Parameter.Name": { min: 1, max: 256, pattern: String.raw`[A-Za-z0-9\-_]*` },
  "Parameter.Value": { max: 1024 },
  "PipelineDefinitionS3Location.Bucket": { min: 3, max: 63, pattern: String.raw`[a-z0-9][\.\-a-z0-9]{1,61}[a-z0-9]` },
  "PipelineDefinitionS3Location.ObjectKey": { min: 1, max: 1024, pattern: ".+" },
  "PipelineDefinitionS3Location.VersionId": { min: 1, max: 1024, pattern: ".+" },
  "SelectiveExecutionConfig.SourcePipelineExecutionArn": executionArn,
  "SelectiveExecutionConfig.SelectedSteps": { min: 1, max: 50 },
  "SelectedStep.StepName": { max: 256 },
};

export const pipelineNotHonoured = {
  CreatePipeline:
    "Step types that run: Processing, Training, Condition, Model, RegisterModel, EndpointConfig, Endpoint and Fail; a definition with another one is refused. Only Processing and Training steps are cached: CacheConfig of others changes nothing. " +
    "PipelineExperimentConfig is evaluated and shown, and makes no experiment. RoleArn is kept and shown: steps act in the name of whoever started the execution. Refused: PipelineDefinitionS3Location.VersionId.",
  StartPipelineExecution: "MlflowExperimentName changes nothing.",
} as const;
