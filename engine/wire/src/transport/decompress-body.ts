import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { awsError } from "../error.ts";

const unpack = promisify(gunzip);

/**
 * A body as it was before `Content-Encoding: gzip`, which SDKs apply to larger requests of some operations (PutMetricData above 10 KB); the
 * signature covers the compressed bytes. Throws RequestEntityTooLargeException (413) when more than `limit` bytes would come out.
 */
export async function decompressBody(encoding: string | undefined, body: Buffer, limit: number): Promise<Buffer> {
  if (encoding?.toLowerCase() !== "gzip") return body;
  try {
    return await unpack(body, { maxOutputLength: limit });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE")
      throw awsError("RequestEntityTooLargeException", `The request body is larger than ${limit} bytes.`, {
        status: 413,
        cause,
      });
    throw awsError("SerializationException", "The request body is not valid gzip.", { cause });
  }
}
