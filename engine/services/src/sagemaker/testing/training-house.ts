import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Sql } from "@rondo/store";
import { createTrainingJobOperations } from "../training-job.ts";
import type { TrainingImages } from "../training-job-images.ts";
import { createTrainingJobKind, type TrainingJobKindDependencies } from "../training-job-kind.ts";
import { caller, openJobHouse } from "./job-house.ts";

/** What MODE of the job's Environment asks of the test image. */
const PROGRAM = `
cd "$SAGEMAKER_BASE_DIR"; echo run >> "$RUNS"
case "$MODE" in
  train) printf 'epoch=1\\tloss=0.5;\\nloss=0.25;'; cat input/data/train/*.csv input/data/train/more/*.csv > model/seen; echo extra > output/data/extra;;
  fail) printf 'the data are bad' > output/failure; exit 3;;
  crash) exit 9;;
  wait) trap 'echo partial > model/seen; exit 0' TERM; echo ready; while :; do sleep 0.05; done;;
  flood) exec yes 'a line of a program that prints without end, and a long one';;
  stubborn) trap '' TERM; echo ready; while :; do sleep 0.05; done;;
esac`;

/** `…/test-image:1`, from any registry. */
export const testImages: TrainingImages = {
  find: (uri) =>
    uri.endsWith("/test-image:1")
      ? { command: ["/bin/sh", "-c", PROGRAM], metrics: [{ name: "train:loss", regex: "loss=([0-9.]+);" }] }
      : undefined,
  known: ["test-image:1"],
};

/** A request for the test image, with a channel `train` of two files. */
export function trainingRequest(name: string, mode: string): CreateTrainingJobRequest {
  return {
    TrainingJobName: name,
    RoleArn: "arn:aws:iam::111122223333:role/training",
    AlgorithmSpecification: {
      TrainingImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test-image:1",
      TrainingInputMode: "File",
    },
    HyperParameters: { epochs: "2" },
    Environment: { MODE: mode },
    InputDataConfig: [
      { ChannelName: "train", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://data/train" } } },
    ],
    OutputDataConfig: { S3OutputPath: "s3://data/out/" },
    ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  };
}

/** All that training jobs need, with real processes, objects and logs, on the given database. */
export async function openTrainingHouse(sql: Sql, clock: { now(): Date }, images: TrainingImages = testImages) {
  const house = await openJobHouse(sql, clock);
  await house.objects.put({ ...caller, bucket: "data" }, "train/1.csv", Buffer.from("one\n"));
  await house.objects.put({ ...caller, bucket: "data" }, "train/more/2.csv", Buffer.from("two\n"));
  await house.objects.put({ ...caller, bucket: "data" }, "train/2.csv", Buffer.from("two\n"));
  const kindDependencies = { ...house.kindDependencies, images };
  return {
    ...house,
    images,
    operations: createTrainingJobOperations({ ...house, images }),
    /** `changes` puts others in the place of what the house has. */
    createKind: (changes: Partial<TrainingJobKindDependencies> = {}) =>
      createTrainingJobKind({ ...kindDependencies, ...changes }),
  };
}

export type TrainingHouse = Awaited<ReturnType<typeof openTrainingHouse>>;
