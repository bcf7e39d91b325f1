import { parseS3Uri } from "@rondo/run";
import { awsError } from "@rondo/wire";

/** What AWS refuses. */
export function invalid(message: string): Error {
  return awsError("ValidationException", message);
}

/** What AWS accepts, and Rondo lacks. */
export function lacking(what: string, instead: string): Error {
  return awsError("ValidationException", `Rondo does not support ${what} yet. ${instead}`);
}

/** Throws ValidationException unless the URI is of the form that jobs read and write. */
export function requireS3Uri(uri: string, what: string): void {
  if (parseS3Uri(uri) === undefined) throw invalid(`${what} must be of the form s3://bucket/key, not ${uri}.`);
}

/** Throws ValidationException when a name stands in a list twice; `what` as in "Channel names". */
export function requireUnique(names: readonly (string | undefined)[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalid(`${what} must be unique; ${twice} is there more than once.`);
}
