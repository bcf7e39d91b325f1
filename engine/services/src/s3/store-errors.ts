import { StoreError } from "@rondo/store";
import { type AwsError, awsError, type OperationHandler } from "@rondo/wire";

/** An error of S3. */
export function s3Error(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}): AwsError {
  return awsError(code, message, { fields });
}

/** What the store refused, in S3's words; anything else as it is. */
export function translateStoreError(error: unknown): unknown {
  return error instanceof StoreError ? s3Error(error.code, error.message, error.fields) : error;
}

/** The same operations, throwing AwsErrors where the store refuses. */
export function answerStoreErrors<Operations extends Readonly<Record<string, OperationHandler>>>(
  operations: Operations,
): Readonly<Record<string, OperationHandler>> {
  const translated = Object.entries(operations).map(([name, operation]): [string, OperationHandler] => [
    name,
    async (input, caller, request) => {
      try {
        return await operation(input, caller, request);
      } catch (error) {
        throw translateStoreError(error);
      }
    },
  ]);
  return Object.fromEntries(translated);
}
