import type { Readable } from "node:stream";

/** Buckets and objects as S3 has them. Metadata lives in SQL, small bodies inline in the row, larger ones in a `Bodies` home (disk, S3). */
export interface BucketRef {
  readonly accountId: string;
  readonly bucket: string;
}

export interface Bucket extends BucketRef {
  readonly region: string;
  readonly createdAt: Date;
  readonly tags: Readonly<Record<string, string>>;
}

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";

/** Content-Type and its like, stored and returned as they came. */
export interface ContentHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly expires?: string;
}

export interface ObjectInfo extends BucketRef {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly headers: ContentHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Base64 values; `type` COMPOSITE for multipart objects checked part by part. */
  readonly checksum?: {
    readonly algorithm: ChecksumAlgorithm;
    readonly value: string;
    readonly type: "FULL_OBJECT" | "COMPOSITE";
  };
  /** Sizes of the parts of a multipart object. */
  readonly parts?: readonly number[];
}

export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: Date;
  readonly ifUnmodifiedSince?: Date;
}

export interface PutOptions {
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Bytes announced; the put fails with IncompleteBody when another number arrives. */
  readonly contentLength?: number;
  /** Expected digests; a mismatch is BadDigest (MD5), XAmzContentChecksumMismatch (checksum) and nothing is stored. */
  readonly contentMd5?: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value?: string | (() => string | undefined) };
  readonly conditions?: Conditions;
  readonly signal?: AbortSignal;
}

/** First and last byte, both inclusive, as resolved against the object's size. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectContent {
  readonly info: ObjectInfo;
  readonly range?: ByteRange;
  /** Bytes when the body is inline in the row, else a stream. */
  readonly body: Buffer | Readable;
}

export interface ListQuery extends BucketRef {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Keys strictly after this one (byte order of UTF-8). */
  readonly startAfter?: string;
  readonly limit: number;
}

export interface ObjectList {
  readonly objects: readonly ObjectInfo[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of a page that is not the last. */
  readonly nextStartAfter?: string;
}

/**
 * The operations that the engine itself uses (staging channels, storing artifacts, loading models). Multipart uploads, copying, tagging and
 * bucket settings are further functions of the same folder, used by the S3 service. Failures are StoreErrors with S3's codes: NoSuchBucket,
 * NoSuchKey, BucketAlreadyOwnedByYou, BucketNotEmpty, PreconditionFailed, InvalidRange, BadDigest …
 *
 * What `put` acknowledged is on disk (fsync) before it resolves.
 */
export interface Objects {
  createBucket(bucket: BucketRef & { readonly region: string }): Promise<Bucket>;
  findBucket(bucket: BucketRef): Promise<Bucket | undefined>;
  listBuckets(accountId: string): Promise<Bucket[]>;
  deleteBucket(bucket: BucketRef): Promise<void>;
  put(
    bucket: BucketRef,
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<ObjectInfo>;
  head(bucket: BucketRef, key: string): Promise<ObjectInfo>;
  get(
    bucket: BucketRef,
    key: string,
    options?: { readonly range?: string; readonly conditions?: Conditions },
  ): Promise<ObjectContent>;
  /** Deleting what is not there succeeds, as in S3. */
  delete(bucket: BucketRef, key: string): Promise<void>;
  list(query: ListQuery): Promise<ObjectList>;
  close(): Promise<void>;
}
