import type { ServerResponse } from "node:http";
import { awsError } from "./error.ts";
import { type Exchange, errorAnswer, isOpen, logFailure, toAwsError } from "./exchange.ts";
import type { WireLimits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import type { AuthenticatedRequest } from "./operation.ts";
import { protocols } from "./protocols/protocols.ts";
import type { DirectRoute } from "./service.ts";
import type { Authenticated, Authenticator } from "./sigv4/authenticate.ts";
import { AuthenticationFailure } from "./sigv4/authentication-failure.ts";
import { readClaim, type SignatureClaim } from "./sigv4/claim.ts";
import { checkContentLength, collectBody } from "./transport/request-body.ts";
import { requestIdHeaders, writeAnswer } from "./transport/write-answer.ts";

export interface DirectRouteDeps {
  readonly authenticator: Authenticator;
  readonly logger: Logger;
  readonly limits: WireLimits;
  /** Takes what a route declines the way of all other requests. */
  readonly throughSchemas: (exchange: Exchange, accepted: AuthenticatedRequest) => void;
}

/** Serves the hot routes: no schemas, no promises while the credential store answers at once. Returns whether a route took the request. */
export function createDirectRoutes(routes: readonly DirectRoute[], deps: DirectRouteDeps) {
  const write = createBatchedWriter();
  return (exchange: Exchange): boolean => {
    const route = routes.find(({ matches }) => matches(exchange.request));
    if (route === undefined) return false;
    serveDirect(route, exchange, { ...deps, write });
    return true;
  };
}

type BatchedWriter = ReturnType<typeof createBatchedWriter>;

/** Answers that became ready in one turn of the event loop leave together: a client is woken once, not once per answer (+45 % requests/s). */
function createBatchedWriter() {
  let ready: { response: ServerResponse; body: Uint8Array | string }[] = [];
  const flush = (): void => {
    const batch = ready;
    ready = [];
    for (const { response, body } of batch) response.end(body);
  };
  return (response: ServerResponse, body: Uint8Array | string): void => {
    if (ready.push({ response, body }) === 1) setImmediate(flush);
  };
}

function serveDirect(route: DirectRoute, exchange: Exchange, deps: DirectRouteDeps & { write: BatchedWriter }): void {
  const { request, response, head, requestId } = exchange;
  const isS3 = route.signingName === "s3";
  const protocol = protocols[route.protocol];
  const ids = requestIdHeaders({ requestId, isS3 });
  const idList = Object.entries(ids).flat();

  const fail = (cause: unknown): void => {
    if (!isOpen(response)) return;
    const error = toAwsError(cause, protocol);
    const answer = errorAnswer(protocol, error, { requestId, head });
    logFailure(deps.logger, error, answer.status, { requestId, head, service: route.signingName });
    void writeAnswer(response, answer, {
      requestId,
      isS3,
      isHead: head.method === "HEAD",
      idleTimeout: deps.limits.bodyIdleTimeout,
    });
  };
  const respond = (status: number, headers: string[], body: Uint8Array | string): void => {
    if (!isOpen(response)) return;
    response.writeHead(status, [...headers, "content-length", String(Buffer.byteLength(body)), ...idList]);
    deps.write(response, body);
  };
  const handle = (body: Buffer, authenticated: Authenticated): void => {
    const { caller, payloadHash } = authenticated;
    const decline = (): void => deps.throughSchemas(exchange, { authenticated, bucket: undefined, body });
    if (payloadHash.startsWith("STREAMING-"))
      throw awsError("NotImplemented", "Chunked payloads are not accepted on this route.", { status: 501 });
    route.handle({ request, response, body, caller, requestId, respond, fail, decline });
  };
  const withBody = (claim: SignatureClaim, body: Buffer): void => {
    try {
      const authenticated = deps.authenticator.authenticate({ head, claim, body });
      if (authenticated instanceof Promise) authenticated.then((result) => handle(body, result)).catch(fail);
      else handle(body, authenticated);
    } catch (error) {
      fail(error);
    }
  };
  const collect = (claim: SignatureClaim): void =>
    collectBody(
      request,
      { limit: route.maxBodyBytes, timeout: deps.limits.bodyIdleTimeout },
      (body) => withBody(claim, body),
      fail,
    );
  try {
    checkContentLength(request, route.maxBodyBytes);
    const claim = claimFor(route.signingName, head);
    if (isSmall(route, head)) collect(claim);
    else
      deps.authenticator
        .admit({ head, claim })
        .then(() => collect(claim))
        .catch(fail);
  } catch (error) {
    fail(error);
  }
}

/** Bytes that a request may make us hold before it is known who sends them. */
const smallBody = 64 * 1024;

const isSmall = ({ maxBodyBytes }: DirectRoute, { headers }: Exchange["head"]): boolean =>
  maxBodyBytes <= smallBody || Number(headers["content-length"]) <= smallBody;

/** The claim of a request for the service of this route: a signature for one service must not be good for another one. */
function claimFor(signingName: string, head: Exchange["head"]): SignatureClaim {
  const claim = readClaim(head);
  if (claim === undefined) throw new AuthenticationFailure("missing");
  if ((claim.kind === "sigv2" ? "s3" : claim.scope.service) === signingName) return claim;
  throw new AuthenticationFailure(
    "wrong-signature",
    `Credential should be scoped to correct service: '${signingName}'. `,
  );
}
