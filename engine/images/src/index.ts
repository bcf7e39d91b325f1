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
export { toClientError } from "./in-user-terms.ts";
export { writePersonalizeConfiguration } from "./personalize/configuration-file.ts";
export type { ErasureResult } from "./personalize/erase-program.ts";
export type { PersonalizeConfiguration, PersonalizeProgramName } from "./personalize/programs.ts";
export { personalizeCommand } from "./personalize/run-personalize.ts";
export { type EvictionOptions, evictEnvironments } from "./script/evict-environments.ts";
export type { FrameworkPackage } from "./script/framework-images.ts";
export { scriptProcessingCommand, scriptTrainingCommand } from "./script/script-command.ts";
export { findScriptImage, type ScriptImage } from "./script/script-image.ts";
export { scriptImageRepositories } from "./script/script-image-repositories.ts";
export { type ScriptEnvironmentOptions, scriptEnvironment } from "./script/script-settings.ts";
