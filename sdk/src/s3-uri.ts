/** Where an object or a prefix is. */
export interface S3Location {
  readonly bucket: string;
  /** Without a leading slash; empty for the whole bucket. */
  readonly key: string;
}

/** `s3://bucket/some/key` → its bucket and key. Throws for anything else. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri);
  if (match === null) throw new Error(`"${uri}" is not an S3 URI. It should look like s3://bucket/prefix.`);
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}

export function formatS3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/** Joins parts of a key with exactly one slash between them; empty parts vanish. */
export function joinKey(...parts: readonly string[]): string {
  return parts
    .map((part) => part.replace(/^\/+|\/+$/g, ""))
    .filter((part) => part !== "")
    .join("/");
}
