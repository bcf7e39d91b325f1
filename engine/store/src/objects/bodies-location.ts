import { StoreError } from "../store-error.ts";
import type { Bodies } from "./bodies.ts";
import { createDiskBodies } from "./disk-bodies.ts";

/**
 * Opens the home that RONDO_OBJECTS names: `s3://bucket/prefix` (endpoint, region and keys by the standard AWS variables), or the given directory
 * when it is not set. Throws StoreError "InvalidConfiguration" for anything else.
 */
export async function openBodies(options: {
  readonly location: string | undefined;
  readonly directory: string;
}): Promise<Bodies> {
  if (options.location === undefined || options.location === "") {
    return createDiskBodies({ directory: options.directory });
  }
  const [, bucket, path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(options.location) ?? [];
  if (bucket === undefined) {
    throw new StoreError(
      "InvalidConfiguration",
      `RONDO_OBJECTS is "${options.location}"; it must be s3://bucket or s3://bucket/prefix.`,
    );
  }
  const prefix = path === "" || path.endsWith("/") ? path : `${path}/`;
  // Loaded when needed: the client costs some 90 ms.
  const [{ S3Client }, { createS3Bodies }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("./s3-bodies.ts"),
  ]);
  // Path style suits every S3 look-alike on an address without DNS; AWS itself still answers it.
  return createS3Bodies({ client: new S3Client({ forcePathStyle: true }), bucket, prefix });
}
