import { s3Error } from "./store-errors.ts";

/** Where the next page begins; opaque to clients. */
export function writeContinuationToken(startAfter: string): string {
  return Buffer.from(startAfter).toString("base64url");
}

/** Throws InvalidArgument for what is no token of ours. */
export function readContinuationToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const startAfter = Buffer.from(token, "base64url").toString("utf8");
  if (startAfter !== "" && writeContinuationToken(startAfter) === token) return startAfter;
  throw s3Error("InvalidArgument", "The continuation token provided is incorrect", {
    ArgumentName: "continuation-token",
  });
}
