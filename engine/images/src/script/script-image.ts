import { type FrameworkPackage, frameworkImages } from "./framework-images.ts";

/** A public image that holds no algorithm but a language and its packages; the program is the user's. Here it runs with this host's interpreter. */
export interface ScriptImage {
  /** `sagemaker-scikit-learn`. */
  readonly repository: string;
  /** `1.2-1-cpu-py3`. */
  readonly tag: string;
  readonly language: "python" | "node";
  /** What the tag promises, for people: `scikit-learn 1.2.1`. */
  readonly description: string;
  /** The language's version in the image, as far as the tag tells: `3.10`. */
  readonly languageVersion: string | undefined;
  /** What the image has installed besides the language, the framework first. */
  readonly packages: readonly FrameworkPackage[];
}

/**
 * The script image that an image URI names, whatever its registry (account and region):
 * `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3`, `public.ecr.aws/docker/library/node:24`. Without a tag it is
 * `latest`; a digest or a tag that such an image does not have finds nothing.
 */
export function findScriptImage(uri: string): ScriptImage | undefined {
  const path = uri.slice(uri.lastIndexOf("/") + 1);
  const [repository = "", tag = "latest", ...rest] = path.split(":");
  const image = frameworkImages.find((candidate) => candidate.repository === repository);
  const match = image?.tag.exec(tag);
  if (image === undefined || match === undefined || match === null || rest.length > 0) return undefined;
  const { language, title } = image;
  const packages = image.packages(match);
  const { version: named, python } = match.groups ?? {};
  const version = packages[0]?.version ?? named;
  const description = version === undefined ? title : `${title} ${version}`;
  const languageVersion = packages.length === 0 ? named : readPythonVersion(python);
  return { repository, tag, language, description, languageVersion, packages };
}

/** `310` is 3.10; `3` says nothing. */
function readPythonVersion(digits = ""): string | undefined {
  return digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : undefined;
}
