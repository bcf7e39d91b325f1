import type { Readable } from "node:stream";
import type { MultipartUploads } from "./multipart-uploads.ts";

/** Buckets and objects as S3 has them. Metadata lives in SQL, small bodies inline in the row, larger ones in a `Bodies` home (disk, S3). */
export interface BucketRef {
  readonly accountId: string;
  readonly bucket: string;
}

export interface ObjectRef extends BucketRef {
  /** Any Unicode up to 1,024 bytes of UTF-8. */
  readonly key: string;
}

export interface Bucket extends BucketRef {
  readonly region: string;
  readonly createdAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** The bucket policy as it was put: a JSON text. */
  readonly policy?: string;
}

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";

/** `COMPOSITE`: the checksum of the parts' checksums, followed by their number. */
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** A value in base64. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: ChecksumType;
}

/** Content-Type and its like, stored and returned as they came. */
export interface ContentHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly expires?: string;
}

/** One part of a multipart object. */
export interface ObjectPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** Base64, by the object's algorithm. */
  readonly checksum?: string;
}

export interface ObjectInfo extends ObjectRef {
  /** Bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  /** Whole seconds, as S3 has them. */
  readonly lastModified: Date;
  readonly headers: ContentHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  /** Of a multipart object; absent in listings. */
  readonly parts?: readonly ObjectPart[];
}

export interface Conditions {
  /** One ETag, a list of them separated by commas, or `*`. */
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: Date;
  readonly ifUnmodifiedSince?: Date;
}

/** Of a write: `ifNoneMatch` can only be `*`. */
export type WriteConditions = Pick<Conditions, "ifMatch" | "ifNoneMatch">;

/** What is announced of a body, and checked once all of it has arrived; upon a mismatch nothing is stored. */
export interface AnnouncedBody {
  /** Bytes; IncompleteBody when another number arrives. */
  readonly contentLength?: number;
  /** Base64; a mismatch is BadDigest. */
  readonly contentMd5?: string;
  /** The algorithm to store (default CRC64NVME), and the value in base64 or who knows it when the body has ended; a mismatch is BadDigest. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value?: string | (() => string | undefined) };
  readonly signal?: AbortSignal;
}

/** What an object carries besides its body. */
export interface ObjectDescription {
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface PutOptions extends ObjectDescription, AnnouncedBody {
  readonly conditions?: WriteConditions;
}

export interface GetOptions {
  /** The `Range` header. One that is malformed or names several ranges is ignored, as S3 does. */
  readonly range?: string;
  /** Only this part of a multipart object. */
  readonly partNumber?: number;
  readonly conditions?: Conditions;
}

/** First and last byte, both inclusive, as resolved against the object's size. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface ObjectContent {
  readonly info: ObjectInfo;
  readonly range?: ByteRange;
  /** Bytes when the body is inline in the row, else a stream; destroy a stream that is not read to its end. */
  readonly body: Buffer | Readable;
}

export interface CopyOptions {
  /** Replaces what the source carries; without it the copy carries the same. */
  readonly headers?: ContentHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  /** Of the source. */
  readonly sourceConditions?: Conditions;
  /** Of the destination. */
  readonly conditions?: WriteConditions;
  readonly signal?: AbortSignal;
}

export interface ListQuery extends BucketRef {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Keys strictly after this one (byte order of UTF-8), nor of the common prefix that it belongs to. */
  readonly startAfter?: string;
  readonly limit: number;
}

export interface ObjectList {
  readonly objects: readonly ObjectInfo[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix of a page that is not the last. */
  readonly nextStartAfter?: string;
}

/** What one sweep removed. */
export interface SweepResult {
  /** Bodies of replaced and deleted objects. */
  readonly discarded: number;
  /** Bodies whose row was never written. */
  readonly orphans: number;
}

/**
 * Buckets and objects. Failures are StoreErrors with S3's codes: NoSuchBucket, NoSuchKey, BucketAlreadyOwnedByYou, BucketNotEmpty,
 * PreconditionFailed, NotModified, InvalidRange, BadDigest, KeyTooLongError …
 *
 * What `put` acknowledged is on disk (fsync) before it resolves; every read and list sees all writes that were acknowledged before it.
 */
export interface Objects {
  /** Throws BucketAlreadyOwnedByYou when the account has it. */
  createBucket(bucket: BucketRef & { readonly region: string }): Promise<Bucket>;
  findBucket(bucket: BucketRef): Promise<Bucket | undefined>;
  /** In the order of names; `limit` at most, strictly after `startAfter`, whose name begins with `prefix`. */
  listBuckets(
    accountId: string,
    page?: { readonly prefix?: string; readonly startAfter?: string; readonly limit?: number },
  ): Promise<Bucket[]>;
  /** Replaces tags or policy (null removes it). */
  updateBucket(
    bucket: BucketRef,
    patch: { readonly tags?: Readonly<Record<string, string>>; readonly policy?: string | null },
  ): Promise<void>;
  deleteBucket(bucket: BucketRef): Promise<void>;
  put(
    bucket: BucketRef,
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<ObjectInfo>;
  head(bucket: BucketRef, key: string, options?: { readonly conditions?: Conditions }): Promise<ObjectInfo>;
  get(bucket: BucketRef, key: string, options?: GetOptions): Promise<ObjectContent>;
  /** Within one account. A large body is shared rather than read, unless it consists of parts or another checksum is asked for. */
  copy(source: ObjectRef, destination: ObjectRef, options?: CopyOptions): Promise<ObjectInfo>;
  /** Replaces the tags of an object. */
  putTags(bucket: BucketRef, key: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Deleting what is not there succeeds, as in S3; with `ifMatch` it must be there and match. */
  delete(bucket: BucketRef, key: string, conditions?: Pick<Conditions, "ifMatch">): Promise<void>;
  list(query: ListQuery): Promise<ObjectList>;
  readonly uploads: MultipartUploads;
  /**
   * Removes the bodies that nothing refers to: those of replaced or deleted objects after a grace period for their readers, and those that a
   * crash left without a row. To be called at start and from time to time.
   */
  sweepOrphans(): Promise<SweepResult>;
  /** Which home the larger bodies have. */
  describe(): Promise<{ readonly kind: string; readonly location: string }>;
  close(): Promise<void>;
}
