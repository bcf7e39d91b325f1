import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Scenario } from "./scenario.ts";
import { BUCKET, prepareTextModel } from "./text-model.ts";

/** Durable puts of 1 KiB, 256 keys over and over. */
export const putObject: Scenario = {
  name: "put-object-1-kib",
  goal: { requestsPerSecond: 6_000 },
  prepare: prepareTextModel,
  send: (index, configuration) =>
    new S3Client({ ...configuration, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: BUCKET, Key: objectKey(index), Body: objectBody(index) }),
    ),
};

export function objectKey(index: number): string {
  return `objects/${index}`;
}

export function objectBody(index: number): Buffer {
  return Buffer.alloc(1024, `object ${index} `);
}
