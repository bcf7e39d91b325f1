import { DataError, FormatError, ParameterError } from "@rondo/learn";
import { ClientError } from "./client-error.ts";

/** Does the work; what the algorithm refuses (data, parameters, a model file, sizes) is the user's to put right and becomes a ClientError. */
export async function inUserTerms<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toClientError(error) ?? error;
  }
}

/** The ClientError that an error is for the user, or undefined when it is our fault. */
export function toClientError(error: unknown): ClientError | undefined {
  if (error instanceof ClientError) return error;
  const ofUser = [DataError, FormatError, ParameterError, RangeError].some((kind) => error instanceof kind);
  return ofUser ? new ClientError((error as Error).message, { cause: error }) : undefined;
}
