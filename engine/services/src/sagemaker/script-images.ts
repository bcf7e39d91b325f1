import {
  findScriptImage,
  type ScriptEnvironmentOptions,
  scriptEnvironment,
  scriptImageRepositories,
  scriptProcessingCommand,
  scriptTrainingCommand,
} from "@rondo/images";
import type { ProcessingImages } from "./processing-job-images.ts";
import { builtInTrainingImages, type TrainingImages } from "./training-job-images.ts";

/** Where a host keeps the environments of scripts, and what its installers need. */
export type ScriptImageOptions = ScriptEnvironmentOptions;

/** The images of languages and frameworks, as processing jobs name them. */
export function createScriptProcessingImages(options: ScriptImageOptions): ProcessingImages {
  const environment = scriptEnvironment(options);
  return {
    find(uri) {
      const image = findScriptImage(uri);
      return image && { command: (program) => scriptProcessingCommand(image, program), environment };
    },
    known: scriptImageRepositories,
  };
}

/** The built-in images, and those of languages and frameworks in script mode, as training jobs name them. */
export function createTrainingImages(options: ScriptImageOptions): TrainingImages {
  const environment = scriptEnvironment(options);
  return {
    find(uri, use) {
      const builtIn = builtInTrainingImages.find(uri, use);
      if (builtIn !== undefined) return builtIn;
      const image = findScriptImage(uri);
      if (image === undefined) return undefined;
      const command = (program: readonly string[]): string[] => scriptProcessingCommand(image, program);
      return { command: scriptTrainingCommand(image), metrics: [], script: { environment, command } };
    },
    known: [...new Set([...builtInTrainingImages.known, ...scriptImageRepositories])],
  };
}
