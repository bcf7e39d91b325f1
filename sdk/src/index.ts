export type { DeployOptions } from "./deploy-model.ts";
export {
  Endpoint,
  type EndpointCreation,
  type EndpointUpdateOptions,
  type EndpointWaitOptions,
  type Variant,
} from "./endpoint.ts";
export { isAlreadyExisting, isNotFound, UnexpectedStatusError, WaitTimeoutError } from "./errors.ts";
export { Estimator, type EstimatorOptions, type FitOptions } from "./estimator.ts";
export { type BuiltInAlgorithm, imageUri } from "./image-uri.ts";
export { createLogReader, type LogLine, type LogReader } from "./log-reader.ts";
export { Model, type ModelOptions } from "./model.ts";
export { ModelPackage } from "./model-package.ts";
export {
  type Condition,
  conditionEquals,
  conditionGreaterThan,
  conditionGreaterThanOrEqualTo,
  conditionIn,
  conditionLessThan,
  conditionLessThanOrEqualTo,
  conditionNot,
  conditionOr,
} from "./pipeline/condition.ts";
export { ExecutionVariables } from "./pipeline/execution-variables.ts";
export { type Expressible, Expression, type Value } from "./pipeline/expression.ts";
export { join, jsonGet } from "./pipeline/functions.ts";
export {
  ParameterBoolean,
  ParameterFloat,
  ParameterInteger,
  type ParameterOptions,
  ParameterString,
  PipelineParameter,
} from "./pipeline/parameter.ts";
export { Pipeline, type PipelineOptions, type StartPipelineOptions } from "./pipeline/pipeline.ts";
export { PipelineExecution, type PipelineProgress } from "./pipeline/pipeline-execution.ts";
export type { Properties } from "./pipeline/properties.ts";
export type { PropertyFile } from "./pipeline/property-file.ts";
export {
  type RepeatableStepOptions,
  type RetryPolicy,
  Step,
  type StepOptions,
  type StepType,
} from "./pipeline/step.ts";
export {
  ConditionStep,
  EndpointConfigStep,
  EndpointStep,
  FailStep,
  ModelStep,
  ProcessingStep,
  RegisterModelStep,
  TrainingStep,
} from "./pipeline/steps.ts";
export {
  type Prediction,
  type PredictOptions,
  Predictor,
  type PredictorCodec,
  type PredictorOptions,
} from "./predictor.ts";
export { PROCESSING_LOG_GROUP, ProcessingJob, type ProcessingJobWaitOptions } from "./processing-job.ts";
export {
  type ProcessingInput,
  type ProcessingOutput,
  type ProcessingRequestOptions,
  Processor,
  type ProcessorOptions,
  type RunOptions,
} from "./processor.ts";
export type { TransferOptions } from "./s3-transfer.ts";
export {
  csvDeserializer,
  csvSerializer,
  type Deserializer,
  jsonDeserializer,
  jsonLinesDeserializer,
  jsonLinesSerializer,
  jsonSerializer,
  type Parse,
  type Serializer,
  textDeserializer,
  textSerializer,
} from "./serializers.ts";
export { Session, type SessionOptions } from "./session.ts";
export type { TrainingInput, TrainingInputs } from "./training-input.ts";
export { TRAINING_LOG_GROUP, TrainingJob, type TrainingJobWaitOptions } from "./training-job.ts";
export type { WaitOptions } from "./wait.ts";
