import type { CreateProcessingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Sql } from "@rondo/store";
import { createProcessingJobOperations } from "../processing-job.ts";
import type { ProcessingImages } from "../processing-job-images.ts";
import { createProcessingJobKind, type ProcessingJobKindDependencies } from "../processing-job-kind.ts";
import { caller, openJobHouse } from "./job-house.ts";

/** `…/shell:1`, from any registry: runs what it is given, and notes that it did. */
export const shellImages: ProcessingImages = {
  find: (uri) =>
    uri.endsWith("/shell:1")
      ? { command: (program) => ["/bin/sh", "-c", 'echo run >> "$RUNS"; exec "$@"', "shell", ...program] }
      : undefined,
  known: ["shell:1"],
};

/** A request that runs a shell script on an input `in` of two files, with an output `out`. */
export function processingRequest(
  name: string,
  script: string,
  changes: Partial<CreateProcessingJobRequest> = {},
): CreateProcessingJobRequest {
  return {
    ProcessingJobName: name,
    RoleArn: "arn:aws:iam::111122223333:role/processing",
    AppSpecification: {
      ImageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shell:1",
      ContainerEntrypoint: ["/bin/sh", "-c"],
      ContainerArguments: [script],
    },
    ProcessingInputs: [input("in", "s3://data/in/", "/opt/ml/processing/input")],
    ProcessingOutputConfig: { Outputs: [output("out", `s3://data/${name}/out`, "/opt/ml/processing/output")] },
    ProcessingResources: { ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 } },
    ...changes,
  };
}

export function input(InputName: string, S3Uri: string, LocalPath: string) {
  return { InputName, S3Input: { S3Uri, LocalPath, S3DataType: "S3Prefix", S3InputMode: "File" } } as const;
}

export function output(OutputName: string, S3Uri: string, LocalPath: string) {
  return { OutputName, S3Output: { S3Uri, LocalPath, S3UploadMode: "EndOfJob" } } as const;
}

/** All that processing jobs need, on the given database. */
export async function openProcessingHouse(sql: Sql, clock: { now(): Date }) {
  const house = await openJobHouse(sql, clock);
  await house.objects.put({ ...caller, bucket: "data" }, "in/1.csv", Buffer.from("one\n"));
  await house.objects.put({ ...caller, bucket: "data" }, "in/deep/2.csv", Buffer.from("two\n"));
  return {
    ...house,
    operations: createProcessingJobOperations(house),
    /** `changes` puts others in the place of what the house has. */
    createKind: (changes: Partial<ProcessingJobKindDependencies> = {}) =>
      createProcessingJobKind({ ...house.kindDependencies, images: shellImages, ...changes }),
  };
}
