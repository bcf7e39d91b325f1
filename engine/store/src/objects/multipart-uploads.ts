import type {
  AnnouncedBody,
  BucketRef,
  Checksum,
  ChecksumAlgorithm,
  ChecksumType,
  Conditions,
  ObjectDescription,
  ObjectInfo,
  ObjectRef,
  WriteConditions,
} from "./objects.ts";

export interface UploadRef extends ObjectRef {
  readonly uploadId: string;
}

export interface NewUpload extends ObjectDescription {
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

export interface Upload extends UploadRef {
  readonly initiatedAt: Date;
  /** Absent when the client named none: then the object's is the one that its parts came with, CRC64NVME by default. */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

export interface UploadedPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** A part as the client names it to complete an upload. */
export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum?: string;
}

export interface CompleteOptions {
  readonly parts: readonly CompletedPart[];
  readonly conditions?: WriteConditions;
  /** What the client computed of the whole; a mismatch is BadDigest. */
  readonly checksum?: Pick<Checksum, "algorithm" | "value"> & { readonly type?: ChecksumType };
  /** Total bytes that the client expects. */
  readonly size?: number;
}

export interface PartSource {
  readonly source: ObjectRef;
  /** `bytes=first-last`, both given. */
  readonly range?: string;
  readonly conditions?: Conditions;
  readonly signal?: AbortSignal;
}

export interface UploadListQuery extends BucketRef {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Uploads after this key, or of this key and after `uploadIdMarker`. */
  readonly keyMarker?: string;
  readonly uploadIdMarker?: string;
  readonly limit: number;
}

export interface UploadList {
  readonly uploads: readonly Upload[];
  readonly commonPrefixes: readonly string[];
  /** Of a page that is not the last. */
  readonly next?: { readonly keyMarker: string; readonly uploadIdMarker: string };
}

/**
 * Multipart uploads. Failures are StoreErrors with S3's codes: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest …
 * Each part is a body of its own, and the completed object refers to the list of them: completing copies nothing.
 */
export interface MultipartUploads {
  create(object: ObjectRef, options?: NewUpload): Promise<Upload>;
  /** Replaces a part of the same number. */
  putPart(
    upload: UploadRef,
    number: number,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    announced?: AnnouncedBody,
  ): Promise<UploadedPart>;
  copyPart(upload: UploadRef, number: number, from: PartSource): Promise<UploadedPart>;
  /** Parts in the order of their numbers, strictly after `after`. */
  listParts(
    upload: UploadRef,
    page: { readonly after: number; readonly limit: number },
  ): Promise<{ readonly upload: Upload; readonly parts: readonly UploadedPart[]; readonly more: boolean }>;
  list(query: UploadListQuery): Promise<UploadList>;
  complete(upload: UploadRef, options: CompleteOptions): Promise<ObjectInfo>;
  abort(upload: UploadRef): Promise<void>;
}
