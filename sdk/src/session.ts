import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SageMakerClient, type SageMakerClientConfig } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { isNotFound } from "./errors.ts";
import { downloadTo, type TransferOptions, uploadPath } from "./s3-transfer.ts";
import { formatS3Uri, joinKey, parseS3Uri } from "./s3-uri.ts";

/** Everything is optional: what is left out comes from the standard AWS variables and files. */
export interface SessionOptions {
  /** Else `AWS_REGION`, `AWS_DEFAULT_REGION`, or the profile's. */
  readonly region?: string;
  /** Where the AWS APIs are, `http://127.0.0.1:4700` for Rondo. Else `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, or AWS. */
  readonly endpoint?: string;
  /** Else the standard chain: variables, credentials file, roles. */
  readonly credentials?: SageMakerClientConfig["credentials"];
  /** Bucket for data and models. Else `sagemaker-<region>-<account>`, made when it is missing. */
  readonly defaultBucket?: string;
  /** Buckets in the path of the URL. By default on when an endpoint is given (as option or variable), since few of those have wildcard DNS. */
  readonly forcePathStyle?: boolean;
  /** Attempts of one request, the first included. Default 3. */
  readonly maxAttempts?: number;
  /** Where generated names and deadlines take the time from. */
  readonly clock?: { now(): Date };
}

const SYSTEM_CLOCK = { now: () => new Date() };

/** So that no request hangs for ever: time to connect, and silence on the line (an invocation may take 60 s, AWS's limit). */
const REQUEST_HANDLER = { connectionTimeout: 10_000, socketTimeout: 120_000 };

/**
 * Region, credentials and clients that the other nouns share. Clients are made when first used and are the official ones, so that anything
 * beyond this SDK is one `session.sagemaker.send(…)` away.
 *
 * @example
 * ```ts
 * import { Session } from "@rondo/sdk";
 * using session = new Session({ endpoint: "http://127.0.0.1:4700", region: "us-east-1" });
 * const uri: string = await session.uploadData("reviews/train", { keyPrefix: "reviews/train" });
 * ```
 */
export class Session implements Disposable {
  readonly clock: { now(): Date };
  readonly #options: SessionOptions;
  #sagemaker: SageMakerClient | undefined;
  #runtime: SageMakerRuntimeClient | undefined;
  #s3: S3Client | undefined;
  #logs: CloudWatchLogsClient | undefined;
  #sts: STSClient | undefined;
  #accountId: Promise<string> | undefined;
  #defaultBucket: Promise<string> | undefined;

  constructor(options: SessionOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? SYSTEM_CLOCK;
  }

  get sagemaker(): SageMakerClient {
    this.#sagemaker ??= new SageMakerClient(this.#clientConfig());
    return this.#sagemaker;
  }

  get runtime(): SageMakerRuntimeClient {
    this.#runtime ??= new SageMakerRuntimeClient(this.#clientConfig());
    return this.#runtime;
  }

  get s3(): S3Client {
    this.#s3 ??= new S3Client({ ...this.#clientConfig(), forcePathStyle: this.#forcePathStyle() });
    return this.#s3;
  }

  get logs(): CloudWatchLogsClient {
    this.#logs ??= new CloudWatchLogsClient(this.#clientConfig());
    return this.#logs;
  }

  get sts(): STSClient {
    this.#sts ??= new STSClient(this.#clientConfig());
    return this.#sts;
  }

  /** The region of the clients, wherever it came from. */
  region(): Promise<string> {
    return this.sagemaker.config.region();
  }

  /** The account that the credentials belong to, asked once of STS. */
  accountId(): Promise<string> {
    this.#accountId ??= this.#askAccountId().catch((error: unknown) => {
      this.#accountId = undefined;
      throw error;
    });
    return this.#accountId;
  }

  /** The name of the default bucket, which exists once this resolves. */
  defaultBucket(): Promise<string> {
    this.#defaultBucket ??= this.#ensureDefaultBucket().catch((error: unknown) => {
      this.#defaultBucket = undefined;
      throw error;
    });
    return this.#defaultBucket;
  }

  /** The ARN of a role given by ARN or by its plain name in this account. */
  async roleArn(role: string): Promise<string> {
    return role.startsWith("arn:") ? role : `arn:aws:iam::${await this.accountId()}:role/${role}`;
  }

  /**
   * Uploads a file to `<keyPrefix>/<its name>`, or a folder's files, recursively, under `<keyPrefix>/`; large files in parts.
   * Returns the S3 URI of the file or the prefix, as a training input takes it.
   */
  async uploadData(
    path: string,
    options: TransferOptions & { readonly bucket?: string; readonly keyPrefix?: string } = {},
  ): Promise<string> {
    const bucket = options.bucket ?? (await this.defaultBucket());
    const keyPrefix = options.keyPrefix ?? "data";
    const key = (await stat(path)).isDirectory() ? joinKey(keyPrefix) : joinKey(keyPrefix, basename(path));
    await uploadPath(this.s3, path, { bucket, key }, options);
    return formatS3Uri({ bucket, key });
  }

  /** Downloads an object or all objects under a prefix into a folder; returns the paths of the files written. */
  downloadData(s3Uri: string, directory: string, options: TransferOptions = {}): Promise<string[]> {
    return downloadTo(this.s3, parseS3Uri(s3Uri), directory, options);
  }

  /** Stores a text (or bytes) as one object. For small things: reports, manifests, data made in memory. */
  async uploadString(body: string | Uint8Array, s3Uri: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    const { bucket, key } = parseS3Uri(s3Uri);
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }), { abortSignal: options.signal });
  }

  /** Reads an object as text; undefined when there is none. */
  async downloadString(s3Uri: string, options: { signal?: AbortSignal } = {}): Promise<string | undefined> {
    const { bucket, key } = parseS3Uri(s3Uri);
    try {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body: body } = await this.s3.send(command, { abortSignal: options.signal });
      return (await body?.transformToString()) ?? "";
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Closes the clients' connections. The session cannot be used afterwards. */
  close(): void {
    for (const client of [this.#sagemaker, this.#runtime, this.#s3, this.#logs, this.#sts]) client?.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #clientConfig() {
    const { endpoint, credentials, maxAttempts } = this.#options;
    const region = this.#options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    return {
      requestHandler: REQUEST_HANDLER,
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
      ...(maxAttempts !== undefined && { maxAttempts }),
    };
  }

  #forcePathStyle(): boolean {
    const endpoint = this.#options.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    return this.#options.forcePathStyle ?? endpoint !== undefined;
  }

  async #askAccountId(): Promise<string> {
    const { Account } = await this.sts.send(new GetCallerIdentityCommand());
    if (Account === undefined) throw new Error("STS answered GetCallerIdentity without an account.");
    return Account;
  }

  async #ensureDefaultBucket(): Promise<string> {
    const region = await this.region();
    const bucket = this.#options.defaultBucket ?? `sagemaker-${region}-${await this.accountId()}`;
    try {
      await this.s3.send(new HeadBucketCommand({ Bucket: bucket }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#createBucket(bucket, region);
    }
    return bucket;
  }

  async #createBucket(bucket: string, region: string): Promise<void> {
    // S3 refuses its own first region as a constraint.
    const constraint =
      region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } };
    try {
      await this.s3.send(new CreateBucketCommand({ Bucket: bucket, ...constraint }));
    } catch (error) {
      // Somebody else of this account made it in the meantime.
      if (!(error instanceof Error && error.name === "BucketAlreadyOwnedByYou")) throw error;
    }
  }
}
