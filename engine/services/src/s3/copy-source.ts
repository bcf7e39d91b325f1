import type { ObjectRef } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { refuseUnsupported } from "./object-members.ts";
import { s3Error } from "./store-errors.ts";

/** `x-amz-copy-source: /bucket/key?versionId=…`, percent-encoded, the first slash optional. */
export function readCopySource(header: string | undefined, { accountId }: Pick<Caller, "accountId">): ObjectRef {
  const [path = "", version] = (header ?? "").split("?versionId=");
  if (version !== undefined) refuseUnsupported({ VersionId: version });
  const [, bucket = "", key = ""] = /^([^/]+)\/(.+)$/s.exec(decode(path).replace(/^\//, "")) ?? [];
  if (bucket === "") throw invalidSource();
  return { accountId, bucket, key };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidSource();
  }
}

function invalidSource() {
  return s3Error("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", {
    ArgumentName: "x-amz-copy-source",
  });
}
