import { builtInImages, findImage, findScriptImage, trainingCommand } from "@rondo/images";
import type { MetricDefinition } from "@rondo/run";

/** The images that a training job may name. */
export interface TrainingImages {
  /** What is known of an image URI; undefined when it cannot be run here. An image that is both algorithm and framework is what the job uses it as. */
  readonly find: (uri: string, use: ImageUse) => TrainingImage | undefined;
  /** For the message about one that is not known. */
  readonly known: readonly string[];
}

/** Whether a job brings a program of its own. */
export interface ImageUse {
  readonly bringsProgram: boolean;
}

export interface TrainingImage {
  /** The argument vector of the container's `train`. */
  readonly command: readonly string[];
  /** What the algorithm logs by itself. */
  readonly metrics: readonly MetricDefinition[];
  /** Set for an image that runs the user's own script. */
  readonly script?: {
    /** What the image needs of this host besides the job's own environment. */
    readonly environment: Readonly<Record<string, string>>;
    /** The argument vector that runs a container's entry point and arguments in the place of its `train`. */
    readonly command: (entrypointAndArguments: readonly string[]) => readonly string[];
  };
}

/** Our own images of Amazon's built-in algorithms; one that is also a framework's (sagemaker-xgboost) is none when the job brings a program. */
export const builtInTrainingImages: TrainingImages = {
  find(uri, { bringsProgram }) {
    if (bringsProgram && findScriptImage(uri) !== undefined) return undefined;
    const image = findImage(uri);
    return image === undefined ? undefined : { command: trainingCommand(image), metrics: image.metrics };
  },
  known: builtInImages.map(({ repository, tags }) => `${repository}:${tags[0]}`),
};
