export { ClientError } from "./client-error.ts";
export { builtInImages, findImage, servingCommand, trainingCommand } from "./find-image.ts";
export { type HyperparameterValues, readHyperparameters } from "./hyperparameters.ts";
export type {
  BuiltInImage,
  HyperparameterDefinition,
  InvocationRequest,
  InvocationResponse,
  LoadedModel,
  TrainingContext,
} from "./image.ts";
