import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { awsError } from "./error.ts";
import { errorAnswer, logFailure, toAwsError } from "./exchange.ts";
import { checkInput } from "./input/check-input.ts";
import { inputRules } from "./input/input-rules.ts";
import { violationError } from "./input/violation.ts";
import type { WireLimits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import { readQuery } from "./percent-encoding.ts";
import type { Answer, OperationCall, Protocol } from "./protocols/protocol.ts";
import { actionOf } from "./protocols/query-form.ts";
import type { RequestHead } from "./request-head.ts";
import type { Destination } from "./routing/destination.ts";
import { type FoundOperation, findOperation, handlerOf } from "./routing/find-operation.ts";
import { hostStyleBucket } from "./s3-routing.ts";
import type { RequestContext } from "./service.ts";
import type { OperationModel, ServiceModel } from "./service-model.ts";
import { type Authenticated, type Authenticator, needsBody } from "./sigv4/authenticate.ts";
import { AuthenticationFailure } from "./sigv4/authentication-failure.ts";
import { readClaim, type SignatureClaim } from "./sigv4/claim.ts";
import { verifiedBody } from "./sigv4/verified-body.ts";
import { decompressBody } from "./transport/decompress-body.ts";
import { checkContentLength, limitSilence, readWhole } from "./transport/request-body.ts";

export interface OperationRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly requestId: string;
  readonly destination: Destination;
  readonly protocol: Protocol;
  readonly hostNames: readonly string[];
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
  /** Of a request that a direct route has declined: it was authenticated and read before. */
  readonly accepted?: AuthenticatedRequest | undefined;
}

export interface OperationDeps {
  readonly authenticator: Authenticator;
  readonly limits: WireLimits;
  readonly logger: Logger;
}

/** Authenticates a request, finds its operation, reads and checks the input, calls the handler and writes the output. */
export async function answerOperation(exchange: OperationRequest, deps: OperationDeps): Promise<Answer> {
  const { head, requestId, protocol } = exchange;
  let found: FoundOperation | undefined;
  try {
    const { authenticated, bucket, body } = exchange.accepted ?? (await authenticateRequest(exchange, deps));
    const query = readQuery(head.query);
    if (query === undefined)
      throw awsError("InvalidURI", "The query string is not valid percent-encoded UTF-8.", { status: 400 });
    const read = async () => await decompressed(exchange, await readVerified(exchange, authenticated, deps), deps);
    const known = body && (await decompressed(exchange, body, deps));
    const form = exchange.destination.protocol === "query" ? (known ?? (await read())) : known;
    found = findOperation(exchange.destination, { head, query, bucket, action: form && actionOf(query, form) });
    const { model, operation, labels } = found;
    const streams = form === undefined && hasStreamingInput(operation);
    const stream: Readable | undefined = streams ? verifiedBody(exchange.request, authenticated) : undefined;
    const whole = form ?? (streams ? Buffer.alloc(0) : await read());
    const call: OperationCall = {
      head,
      query,
      labels,
      model,
      operation,
      body: whole,
      stream,
      nestingDepth: deps.limits.nestingDepth,
    };
    const input = protocol.readInput(call);
    check(protocol, model, operation, input);
    const output = await handlerOf(model.definition, operation.name)(
      input,
      authenticated.caller,
      requestContext(exchange),
    );
    const streamFailed = (cause: unknown): void => void failed(exchange, deps, { cause, found });
    return protocol.writeOutput(operation, output, { requestId, head, model, streamFailed });
  } catch (cause) {
    return failed(exchange, deps, { cause, found });
  }
}

function failed(
  { head, requestId, protocol }: OperationRequest,
  { logger }: OperationDeps,
  { cause, found }: { readonly cause: unknown; readonly found: FoundOperation | undefined },
): Answer {
  const error = toAwsError(cause, protocol);
  const answer = errorAnswer(protocol, error, { requestId, head, model: found?.model });
  const service = found?.model.definition.id;
  logFailure(logger, error, answer.status, { requestId, head, service, operation: found?.operation.name });
  return answer;
}

export interface AuthenticatedRequest {
  readonly authenticated: Authenticated;
  readonly bucket: string | undefined;
  /** Read already, because the signature could not be verified without it. */
  readonly body: Buffer | undefined;
}

async function authenticateRequest(
  exchange: OperationRequest,
  { authenticator, limits }: OperationDeps,
): Promise<AuthenticatedRequest> {
  const { head, request, destination, protocol, hostNames } = exchange;
  const claim = readClaim(head);
  if (claim === undefined) throw new AuthenticationFailure("missing");
  checkScope(claim, destination);
  limitSilence(request, limits.bodyIdleTimeout);
  const bucket = protocol.family === "s3" ? hostStyleBucket(head.headers.host, hostNames) : undefined;
  if (!needsBody(head, claim))
    return { authenticated: await authenticator.authenticate({ head, claim, bucket }), bucket, body: undefined };
  await authenticator.admit({ head, claim });
  checkContentLength(request, limits.bufferedBodyBytes);
  const body = await readWhole(request, limits.bufferedBodyBytes);
  return { authenticated: await authenticator.authenticate({ head, claim, bucket, body }), bucket, body };
}

/** To S3, Content-Encoding describes the object; everywhere else, how the request travelled. */
async function decompressed(
  { head, protocol }: OperationRequest,
  body: Buffer,
  { limits }: OperationDeps,
): Promise<Buffer> {
  if (protocol.family === "s3") return body;
  return await decompressBody(head.headers["content-encoding"], body, limits.bufferedBodyBytes);
}

/** A signature for one service must not be good for another one. */
function checkScope(claim: SignatureClaim, { candidates }: Destination): void {
  const wanted = candidates[0]?.signingName;
  const signed = claim.kind === "sigv2" ? "s3" : claim.scope.service;
  if (wanted === undefined || candidates.some(({ signingName }) => signingName === signed)) return;
  throw new AuthenticationFailure("wrong-signature", `Credential should be scoped to correct service: '${wanted}'. `);
}

async function readVerified(
  { request }: OperationRequest,
  authenticated: Authenticated,
  { limits }: OperationDeps,
): Promise<Buffer> {
  checkContentLength(request, limits.bufferedBodyBytes);
  return readWhole(verifiedBody(request, authenticated), limits.bufferedBodyBytes);
}

function hasStreamingInput({ input }: OperationModel): boolean {
  return input?.members.some(({ shape }) => shape.kind === "blob" && shape.streaming) === true;
}

function check(
  protocol: Protocol,
  model: ServiceModel,
  { input: shape }: OperationModel,
  input: Record<string, unknown>,
): void {
  if (shape === undefined) return;
  const violations = checkInput(shape, input, inputRules(model));
  if (violations.length === 0) return;
  const own =
    model.definition.validationErrorCode ?? (model.errors.has("ValidationError") ? "ValidationError" : undefined);
  throw violationError(own ?? protocol.validationCode, violations);
}

function requestContext({ request, response, head, requestId, signal }: OperationRequest): RequestContext {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  return {
    requestId,
    headers: request.headers,
    origin: `http://${head.headers.host ?? "localhost"}`,
    signal: AbortSignal.any([gone.signal, signal]),
  };
}
