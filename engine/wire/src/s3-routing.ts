import type { QueryPair } from "./percent-encoding.ts";
import { headerValue, type RequestHead } from "./request-head.ts";
import { hostName } from "./transport/host-check.ts";

/** An S3 request: its operation and where it points, still percent-encoded. */
export interface S3Match {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The bucket of a host-style request: `photos.s3.eu-central-1.localhost:4700`, `photos.localhost`; undefined for path style. */
export function hostStyleBucket(host: string | undefined, baseNames: readonly string[]): string | undefined {
  const name = hostName(host ?? "");
  // Of two names that fit, the longer one: `store.localhost` is no bucket when it is a name of ours.
  const [base] = ["localhost", ...baseNames]
    .map((known) => known.toLowerCase())
    .filter((known) => name === known || name.endsWith(`.${known}`))
    .sort((a, b) => b.length - a.length);
  if (base === undefined) return undefined;
  const bucket = name.slice(0, -base.length).replace(/(^|\.)s3([.-][a-z0-9-]+)?\.$|\.$/, "");
  return bucket === "" ? undefined : bucket;
}

type ByMethod = Readonly<Partial<Record<string, string>>>;

/** Sub-resources that are known by one query key alone; the operation by method. */
const objectSubResources: Readonly<Record<string, ByMethod>> = {
  acl: { GET: "GetObjectAcl", PUT: "PutObjectAcl" },
  annotation: { GET: "GetObjectAnnotation", PUT: "PutObjectAnnotation", DELETE: "DeleteObjectAnnotation" },
  tagging: { GET: "GetObjectTagging", PUT: "PutObjectTagging", DELETE: "DeleteObjectTagging" },
  attributes: { GET: "GetObjectAttributes" },
  "legal-hold": { GET: "GetObjectLegalHold", PUT: "PutObjectLegalHold" },
  retention: { GET: "GetObjectRetention", PUT: "PutObjectRetention" },
  torrent: { GET: "GetObjectTorrent" },
  uploads: { POST: "CreateMultipartUpload" },
  restore: { POST: "RestoreObject" },
  select: { POST: "SelectObjectContent" },
  renameObject: { PUT: "RenameObject" },
  encryption: { PUT: "UpdateObjectEncryption" },
};

const configured = (name: string): ByMethod => ({ GET: `Get${name}`, PUT: `Put${name}`, DELETE: `Delete${name}` });

const bucketSubResources: Readonly<Record<string, ByMethod>> = {
  abac: { GET: "GetBucketAbac", PUT: "PutBucketAbac" },
  accelerate: { GET: "GetBucketAccelerateConfiguration", PUT: "PutBucketAccelerateConfiguration" },
  acl: { GET: "GetBucketAcl", PUT: "PutBucketAcl" },
  cors: configured("BucketCors"),
  delete: { POST: "DeleteObjects" },
  encryption: configured("BucketEncryption"),
  lifecycle: {
    GET: "GetBucketLifecycleConfiguration",
    PUT: "PutBucketLifecycleConfiguration",
    DELETE: "DeleteBucketLifecycle",
  },
  location: { GET: "GetBucketLocation" },
  logging: { GET: "GetBucketLogging", PUT: "PutBucketLogging" },
  metadataConfiguration: {
    GET: "GetBucketMetadataConfiguration",
    POST: "CreateBucketMetadataConfiguration",
    DELETE: "DeleteBucketMetadataConfiguration",
  },
  metadataTable: {
    GET: "GetBucketMetadataTableConfiguration",
    POST: "CreateBucketMetadataTableConfiguration",
    DELETE: "DeleteBucketMetadataTableConfiguration",
  },
  metadataAnnotationTable: { PUT: "UpdateBucketMetadataAnnotationTableConfiguration" },
  metadataInventoryTable: { PUT: "UpdateBucketMetadataInventoryTableConfiguration" },
  metadataJournalTable: { PUT: "UpdateBucketMetadataJournalTableConfiguration" },
  notification: { GET: "GetBucketNotificationConfiguration", PUT: "PutBucketNotificationConfiguration" },
  "object-lock": { GET: "GetObjectLockConfiguration", PUT: "PutObjectLockConfiguration" },
  ownershipControls: configured("BucketOwnershipControls"),
  policy: configured("BucketPolicy"),
  policyStatus: { GET: "GetBucketPolicyStatus" },
  publicAccessBlock: { GET: "GetPublicAccessBlock", PUT: "PutPublicAccessBlock", DELETE: "DeletePublicAccessBlock" },
  replication: configured("BucketReplication"),
  requestPayment: { GET: "GetBucketRequestPayment", PUT: "PutBucketRequestPayment" },
  session: { GET: "CreateSession" },
  tagging: configured("BucketTagging"),
  uploads: { GET: "ListMultipartUploads" },
  versioning: { GET: "GetBucketVersioning", PUT: "PutBucketVersioning" },
  versions: { GET: "ListObjectVersions" },
  website: configured("BucketWebsite"),
};

/** Configurations of which a bucket may have several: with `id` one of them, without it all. */
const listedSubResources: Readonly<Record<string, readonly [one: string, all: string]>> = {
  analytics: ["BucketAnalyticsConfiguration", "ListBucketAnalyticsConfigurations"],
  "intelligent-tiering": ["BucketIntelligentTieringConfiguration", "ListBucketIntelligentTieringConfigurations"],
  inventory: ["BucketInventoryConfiguration", "ListBucketInventoryConfigurations"],
  metrics: ["BucketMetricsConfiguration", "ListBucketMetricsConfigurations"],
};

/**
 * The operation of an S3 request by method, query keys and headers: the SDK's URIs lack the bucket. Keys are data: percent-decoded once,
 * never normalised. `operation` is a word for the method where S3 has none.
 */
export function matchS3Route(head: RequestHead, query: readonly QueryPair[], hostBucket: string | undefined): S3Match {
  const { bucket, key } = bucketAndKey(head.path, hostBucket);
  const keys = new Set(query.map(({ name }) => name));
  const labels: Record<string, string> = {};
  if (bucket !== "") labels["Bucket"] = bucket;
  if (key !== "") labels["Key"] = key;
  if (bucket === "") return { operation: serviceOperation(head, query), labels };
  return { operation: key === "" ? bucketOperation(head, keys, query) : objectOperation(head, keys, query), labels };
}

function bucketAndKey(path: string, hostBucket: string | undefined): { bucket: string; key: string } {
  const rest = path.slice(1);
  if (hostBucket !== undefined) return { bucket: hostBucket, key: rest };
  const slash = rest.indexOf("/");
  return slash < 0 ? { bucket: rest, key: "" } : { bucket: rest.slice(0, slash), key: rest.slice(slash + 1) };
}

function serviceOperation({ method }: RequestHead, query: readonly QueryPair[]): string {
  if (method !== "GET") return `${method} /`;
  return operationId(query) === "ListDirectoryBuckets" ? "ListDirectoryBuckets" : "ListBuckets";
}

/** What newer SDKs call the operation in the URL; the only difference between a few pairs of operations. */
const operationId = (query: readonly QueryPair[]): string | undefined =>
  query.find(({ name }) => name === "x-id")?.value;

function bucketOperation({ method }: RequestHead, keys: ReadonlySet<string>, query: readonly QueryPair[]): string {
  for (const name in listedSubResources) {
    const [one, all] = listedSubResources[name] ?? ["", ""];
    if (!keys.has(name)) continue;
    if (method === "GET") return keys.has("id") ? `Get${one}` : all;
    return method === "PUT" ? `Put${one}` : method === "DELETE" ? `Delete${one}` : `${method} ?${name}`;
  }
  const sub = subResource(bucketSubResources, method, keys);
  if (sub !== undefined) return sub;
  if (method === "GET")
    return query.some(({ name, value }) => name === "list-type" && value === "2") ? "ListObjectsV2" : "ListObjects";
  return { PUT: "CreateBucket", HEAD: "HeadBucket", DELETE: "DeleteBucket" }[method] ?? `${method} of a bucket`;
}

function objectOperation(head: RequestHead, keys: ReadonlySet<string>, query: readonly QueryPair[]): string {
  const { method } = head;
  if (keys.has("annotation") && operationId(query) === "ListObjectAnnotations") return "ListObjectAnnotations";
  const sub = subResource(objectSubResources, method, keys);
  if (sub !== undefined) return sub;
  const copies = headerValue(head, "x-amz-copy-source") !== undefined;
  if (keys.has("uploadId")) {
    if (method === "PUT") return copies ? "UploadPartCopy" : "UploadPart";
    const operation = { GET: "ListParts", POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload" }[method];
    if (operation !== undefined) return operation;
  }
  if (method === "PUT") return copies ? "CopyObject" : "PutObject";
  return { GET: "GetObject", HEAD: "HeadObject", DELETE: "DeleteObject" }[method] ?? `${method} of an object`;
}

/** Whether a query parameter makes another operation of a request. */
export function isSubResource(name: string): boolean {
  return [objectSubResources, bucketSubResources, listedSubResources].some((table) => Object.hasOwn(table, name));
}

function subResource(
  table: Readonly<Record<string, ByMethod>>,
  method: string,
  keys: ReadonlySet<string>,
): string | undefined {
  for (const key of keys) if (Object.hasOwn(table, key)) return table[key]?.[method] ?? `${method} ?${key}`;
  return undefined;
}
