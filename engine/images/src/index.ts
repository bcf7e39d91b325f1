export type {
  BuiltInImage,
  HyperparameterDefinition,
  InvocationRequest,
  InvocationResponse,
  LoadedModel,
  TrainingContext,
} from "./image.ts";
