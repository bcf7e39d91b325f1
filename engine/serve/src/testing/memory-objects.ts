import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { type BucketRef, type ObjectInfo, type Objects, packArchive, StoreError } from "@rondo/store";

/** The two functions of `Objects` that loading a model needs, over a map from `s3://bucket/key` to bytes. */
export function memoryObjects(files: Map<string, Buffer>): Pick<Objects, "head" | "get"> {
  function infoOf({ accountId, bucket }: BucketRef, key: string): ObjectInfo {
    const body = files.get(`s3://${bucket}/${key}`);
    if (body === undefined) throw new StoreError("NoSuchKey", "The specified key does not exist.");
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    return {
      accountId,
      bucket,
      key,
      size: body.length,
      etag,
      lastModified: new Date(0),
      headers: {},
      metadata: {},
      tags: {},
    };
  }
  return {
    head: async (bucket, key) => infoOf(bucket, key),
    async get(bucket, key, options) {
      const info = infoOf(bucket, key);
      const expected = options?.conditions?.ifMatch;
      if (expected !== undefined && expected !== info.etag) {
        throw new StoreError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
      }
      return { info, body: files.get(`s3://${bucket.bucket}/${key}`)! };
    },
  };
}

/** A model.tar.gz for the counting image. */
export async function countingModel(answer: string): Promise<Buffer> {
  const directory = await mkdtemp(path.join(tmpdir(), "rondo-model-"));
  try {
    await writeFile(path.join(directory, "answer"), answer);
    return await buffer(packArchive(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
