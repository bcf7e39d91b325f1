import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { objectBody, objectKey } from "./put-object.ts";
import type { Scenario } from "./scenario.ts";
import { BUCKET, prepareTextModel } from "./text-model.ts";

const OBJECTS = 256;

/** Gets of 1 KiB. */
export const getObject: Scenario = {
  name: "get-object-1-kib",
  goal: { requestsPerSecond: 8_000 },
  async prepare() {
    await prepareTextModel();
    const s3 = new S3Client({ forcePathStyle: true });
    for (let index = 0; index < OBJECTS; index++) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: objectKey(index), Body: objectBody(index) }));
    }
  },
  send: (index, configuration) =>
    new S3Client({ ...configuration, forcePathStyle: true }).send(
      new GetObjectCommand({ Bucket: BUCKET, Key: objectKey(index % OBJECTS) }),
    ),
};
