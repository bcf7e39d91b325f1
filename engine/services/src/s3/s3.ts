import { createRequire } from "node:module";
import type { Objects } from "@rondo/store";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createBucketOperations } from "./bucket.ts";
import { createBucketSettingsOperations } from "./bucket-settings.ts";
import { createCopyObjectOperations } from "./copy-object.ts";
import { createDeleteObjectsOperations } from "./delete-objects.ts";
import { createListingOperations } from "./listing.ts";
import { createMultipartUploadOperations } from "./multipart-upload.ts";
import { createObjectOperations } from "./object.ts";
import { createObjectAttributesOperations } from "./object-attributes.ts";
import { createObjectTaggingOperations } from "./object-tagging.ts";
import { answerStoreErrors } from "./store-errors.ts";

const require = createRequire(import.meta.url);

/** What S3's operations need of the house. */
export interface S3Dependencies {
  readonly objects: Objects;
}

/** S3: every operation of it that Rondo answers. */
export function createS3Service(dependencies: S3Dependencies): ServiceDefinition {
  const buckets = createBucketOperations(dependencies);
  const settings = createBucketSettingsOperations(dependencies);
  const objects = createObjectOperations(dependencies);
  const listing = createListingOperations(dependencies);
  const tagging = createObjectTaggingOperations(dependencies);
  const uploads = createMultipartUploadOperations(dependencies);
  return {
    id: "s3",
    signingName: "s3",
    protocols: ["rest-xml"],
    load: () => require("@aws-sdk/client-s3") as SdkModule,
    client: "S3Client",
    operations: answerStoreErrors({
      CreateBucket: buckets.createBucket,
      HeadBucket: buckets.headBucket,
      ListBuckets: buckets.listBuckets,
      GetBucketLocation: buckets.getBucketLocation,
      DeleteBucket: buckets.deleteBucket,
      PutBucketTagging: settings.putBucketTagging,
      GetBucketTagging: settings.getBucketTagging,
      DeleteBucketTagging: settings.deleteBucketTagging,
      PutBucketPolicy: settings.putBucketPolicy,
      GetBucketPolicy: settings.getBucketPolicy,
      DeleteBucketPolicy: settings.deleteBucketPolicy,
      GetBucketVersioning: settings.getBucketVersioning,
      PutObject: objects.putObject,
      GetObject: objects.getObject,
      HeadObject: objects.headObject,
      DeleteObject: objects.deleteObject,
      DeleteObjects: createDeleteObjectsOperations(dependencies).deleteObjects,
      CopyObject: createCopyObjectOperations(dependencies).copyObject,
      GetObjectAttributes: createObjectAttributesOperations(dependencies).getObjectAttributes,
      ListObjects: listing.listObjects,
      ListObjectsV2: listing.listObjectsV2,
      PutObjectTagging: tagging.putObjectTagging,
      GetObjectTagging: tagging.getObjectTagging,
      DeleteObjectTagging: tagging.deleteObjectTagging,
      CreateMultipartUpload: uploads.createMultipartUpload,
      UploadPart: uploads.uploadPart,
      UploadPartCopy: uploads.uploadPartCopy,
      CompleteMultipartUpload: uploads.completeMultipartUpload,
      AbortMultipartUpload: uploads.abortMultipartUpload,
      ListParts: uploads.listParts,
      ListMultipartUploads: uploads.listMultipartUploads,
    }),
    notHonoured: NOT_HONOURED,
  };
}

const STORED_PLAIN =
  "StorageClass and ServerSideEncryption (with its keys) are accepted; everything is stored alike, without encryption of ours. SSE-C, Object Lock and grants are refused.";

const NOT_HONOURED: Readonly<Record<string, string>> = {
  CreateBucket:
    "Names are taken within the account only. ObjectOwnership is accepted; ACLs other than private are refused.",
  PutBucketPolicy:
    "The policy is stored and returned, but not enforced: every key pair of the account may do everything.",
  PutObject: STORED_PLAIN,
  CopyObject: `${STORED_PLAIN} Source and destination must be of the same account.`,
  CreateMultipartUpload: STORED_PLAIN,
  DeleteObjects:
    "A checksum of the body must be named, as S3 demands, but the signature alone is checked against the body.",
  GetBucketVersioning: "Buckets are never versioned: the answer is always that of a bucket that never was.",
};
