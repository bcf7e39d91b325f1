import type { ProcessingInput, ProcessingOutput } from "@aws-sdk/client-sagemaker";
import type { StagedInput } from "@rondo/run";
import { CONTAINER_DIRECTORY } from "../jobs/job-locations.ts";

const PROCESSING_ROOT = `${CONTAINER_DIRECTORY}/processing/`;

/** `/opt/ml/processing/input/code/` → `processing/input/code`; undefined for a path that does not lead below /opt/ml/processing. */
export function folderOf(localPath: string): string | undefined {
  if (!localPath.startsWith(PROCESSING_ROOT)) return undefined;
  const segments = localPath
    .slice(CONTAINER_DIRECTORY.length)
    .split("/")
    .filter((segment) => segment !== "");
  const isSafe = segments.every((segment) => segment !== "." && segment !== ".." && !segment.includes("\0"));
  return isSafe && segments.length > 1 ? segments.join("/") : undefined;
}

/** The inputs that are copied for the program, of a request that was checked. */
export function stagedInputs(inputs: readonly ProcessingInput[] = []): StagedInput[] {
  return inputs.flatMap(({ InputName, AppManaged, S3Input }) => {
    if (AppManaged === true || S3Input === undefined) return [];
    return {
      label: `input ${InputName}`,
      s3Uri: S3Input.S3Uri ?? "",
      dataType: S3Input.S3DataType === "ManifestFile" ? ("ManifestFile" as const) : ("S3Prefix" as const),
      folder: folderOf(S3Input.LocalPath ?? "") ?? "",
    };
  });
}

/** What is uploaded for the program, and when. */
export interface PublishedOutput {
  readonly name: string;
  readonly s3Uri: string;
  /** Below the job's directory. */
  readonly folder: string;
  readonly isContinuous: boolean;
}

/** The outputs that are uploaded for the program, of a request that was checked. */
export function publishedOutputs(outputs: readonly ProcessingOutput[] = []): PublishedOutput[] {
  return outputs.flatMap(({ OutputName = "", AppManaged, S3Output }) => {
    if (AppManaged === true || S3Output === undefined) return [];
    const { S3Uri: s3Uri = "", LocalPath = "", S3UploadMode } = S3Output;
    return { name: OutputName, s3Uri, folder: folderOf(LocalPath) ?? "", isContinuous: S3UploadMode === "Continuous" };
  });
}
