import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { ClientError } from "@rondo/images";
import { containerProgram } from "./job-program.ts";

/** The hyperparameter by which the Python SDK says where the script's source archive is. */
const SUBMIT_DIRECTORY = "sagemaker_submit_directory";

/** The one by which it says which of the archive's files is run. */
const PROGRAM = "sagemaker_program";

/** Whether a job runs the user's own program and not the algorithm that its image may have, too. */
export function bringsProgram({
  HyperParameters = {},
  AlgorithmSpecification,
}: Pick<CreateTrainingJobRequest, "HyperParameters" | "AlgorithmSpecification">): boolean {
  const names = [PROGRAM, SUBMIT_DIRECTORY];
  return names.some((name) => name in HyperParameters) || containerProgram(AlgorithmSpecification).length > 0;
}

/**
 * The S3 URI of a script's source archive; undefined when the request names none. The Python SDK encodes hyperparameters of framework estimators as JSON,
 * others pass them as they are. Throws ClientError for what cannot be fetched.
 */
export function codeUri(hyperparameters: Readonly<Record<string, string>> = {}): string | undefined {
  const given = hyperparameters[SUBMIT_DIRECTORY];
  if (given === undefined) return undefined;
  const uri = decode(given);
  if (/^s3:\/\/[^/]+\/.+\.tar\.gz$/.test(uri)) return uri;
  throw new ClientError(
    `The hyperparameter ${SUBMIT_DIRECTORY} is ${uri}: it must be an archive s3://bucket/….tar.gz. Files of another machine cannot be reached from here.`,
  );
}

function decode(text: string): string {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}
