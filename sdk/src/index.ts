export { Endpoint, type EndpointCreation, type EndpointWaitOptions, type Variant } from "./endpoint.ts";
export { isAlreadyExisting, isNotFound, UnexpectedStatusError, WaitTimeoutError } from "./errors.ts";
export { Estimator, type EstimatorOptions, type FitOptions } from "./estimator.ts";
export { type BuiltInAlgorithm, imageUri } from "./image-uri.ts";
export { createLogReader, type LogLine, type LogReader } from "./log-reader.ts";
export { type DeployOptions, Model, type ModelOptions } from "./model.ts";
export {
  type Prediction,
  type PredictOptions,
  Predictor,
  type PredictorCodec,
  type PredictorOptions,
} from "./predictor.ts";
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
