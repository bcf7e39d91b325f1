import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { Constraints } from "./constraint.ts";

/** Who calls: the owner of the key pair that signed the request, in the region of the credential scope. */
export interface Caller {
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** `arn:aws:iam::<account>:user/<name>` or the ARN of an assumed role. */
  readonly arn: string;
}

/** What an operation may need of the request besides its input. */
export interface RequestContext {
  readonly requestId: string;
  /** Aborted when the client goes away or the server stops. */
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `http://127.0.0.1:4700`: how the client reached us, for URLs in answers. */
  readonly origin: string;
}

/**
 * One AWS operation. `input` was read by the SDK's own schema and checked against required members and constraints; what is returned
 * is written by the SDK's own output schema. Throws `AwsError`; anything else becomes `InternalFailure` and is logged once.
 *
 * A streaming blob member of the input (S3 `Body`) is a `Readable`; one of the output may be bytes, a `Readable` or an async iterable.
 */
export type OperationHandler<Input = never, Output = unknown> = (
  input: Input,
  caller: Caller,
  request: RequestContext,
) => Promise<Output> | Output;

/** An exported module of an `@aws-sdk/client-*` package: the client class, schemas (`…$`), enums. */
export type SdkModule = Readonly<Record<string, unknown>>;

export type WireProtocol = "aws-json" | "rest-json" | "rest-xml" | "query" | "rpc-v2-cbor";

/** One AWS service as the server knows it before its SDK package is loaded: enough to route a request to it. */
export interface ServiceDefinition {
  /** The name in docs and logs: `sagemaker`, `sagemaker-runtime`, `s3`. */
  readonly id: string;
  /** The service of the credential scope; several services may share one (`sagemaker`). */
  readonly signingName: string;
  /** Part of `X-Amz-Target` before the dot, for the JSON protocols. */
  readonly targetPrefix?: string;
  readonly protocols: readonly WireProtocol[];
  /** What the paths of a REST service look like: the only thing that tells the form of an error for a request without a signature. */
  readonly paths?: RegExp;
  /** Loads the official client package; called at the first request for the service (50–90 ms). */
  readonly load: () => SdkModule;
  /** The export of `load()` that is the client class: `SageMakerClient`. */
  readonly client: string;
  readonly operations: Readonly<Record<string, OperationHandler>>;
  /** Lengths, ranges and patterns that the SDK's schemas do not carry. */
  readonly constraints?: Constraints;
  /** The code of a violated constraint, where it is not the usual one of the protocol (CloudWatch Logs: `InvalidParameterException`). */
  readonly validationErrorCode?: string;
  /** Operation → what of it we accept and do not honour; written into docs/operations.md. */
  readonly notHonoured?: Readonly<Record<string, string>>;
}

/**
 * A route that goes around the schemas because it is hot (InvokeEndpoint, small S3 objects). The wire authenticates it like any other
 * request (the body is buffered and its hash verified) and then calls `handle`, which writes the answer itself, without promises where it can.
 */
export interface DirectRoute {
  /** Cheap test on the raw request line; `true` claims the request. */
  readonly matches: (request: IncomingMessage) => boolean;
  readonly handle: (exchange: DirectExchange) => void;
  /** Largest body in bytes; beyond it the request is refused before it is read (413). */
  readonly maxBodyBytes: number;
  readonly signingName: string;
  /** The form of its errors. */
  readonly protocol: WireProtocol;
}

export interface DirectExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly caller: Caller;
  readonly requestId: string;
  /** Writes status, headers (flat name, value list) and body together with the other answers of this turn of the event loop. */
  readonly respond: (status: number, headers: string[], body: Uint8Array | string) => void;
  /** Writes an AwsError (or InternalFailure) in this service's form. */
  readonly fail: (error: unknown) => void;
  /** Hands the request to the schemas, as if no route had taken it. Nothing may have been answered, and what was done must bear repetition. */
  readonly decline: () => void;
}

/**
 * A body that streams: never held whole in memory. The trailers of an aws-chunked body (names in lower case) are there when it has ended, as
 * with node:http.
 */
export type StreamingBody = Readable & { readonly trailers?: Readonly<Record<string, string | undefined>> };
