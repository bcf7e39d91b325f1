import { StoreError } from "@rondo/store";
import { type AwsError, awsError, type OperationHandler } from "@rondo/wire";

/** HTTP statuses of S3's codes, which the SDK's schemas mostly lack; all others are 400. Amazon S3 API Reference, "Error responses". */
const STATUSES: Readonly<Record<string, number>> = {
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  InternalError: 500,
  InvalidPartNumber: 416,
  InvalidRange: 416,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchKey: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  NotModified: 304,
  PreconditionFailed: 412,
  ServerSideEncryptionConfigurationNotFoundError: 404,
};

/** An error of S3, with the status that belongs to its code. */
export function s3Error(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}): AwsError {
  return awsError(code, message, { fields, status: STATUSES[code] ?? 400 });
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
