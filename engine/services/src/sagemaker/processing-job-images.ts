/** The images that a processing job may name. */
export interface ProcessingImages {
  /** What is known of an image URI; undefined when it cannot be run here. */
  readonly find: (uri: string) => ProcessingImage | undefined;
  /** For the message about one that is not known. */
  readonly known: readonly string[];
}

export interface ProcessingImage {
  /** The argument vector that runs the container's entry point and arguments in this image. */
  readonly command: (entrypointAndArguments: readonly string[]) => readonly string[];
  /** What the image needs of this host besides the job's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}
