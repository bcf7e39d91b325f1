/** An input channel in File mode. */
export interface InputChannel {
  readonly name: string;
  readonly s3Uri: string;
  /** All keys that begin with the URI's, or those that the manifest at the URI lists. */
  readonly dataType: "S3Prefix" | "ManifestFile";
  readonly contentType?: string;
  /** As given; with one host both stage everything. */
  readonly distribution?: "FullyReplicated" | "ShardedByS3Key";
  readonly recordWrapper?: "None" | "RecordIO";
}
