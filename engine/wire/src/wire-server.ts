import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "./clock.ts";
import type { CredentialStore } from "./credential.ts";
import { createDirectRoutes } from "./direct-routes.ts";
import { type Exchange, errorAnswer, isEndByClient, isOpen, logFailure, toAwsError } from "./exchange.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import type { Logger } from "./logger.ts";
import { type AuthenticatedRequest, answerOperation, type OperationRequest } from "./operation.ts";
import { type Protocol } from "./protocols/protocol.ts";
import { protocols } from "./protocols/protocols.ts";
import { type RequestHead, requestHead } from "./request-head.ts";
import { findDestination } from "./routing/destination.ts";
import type { DirectRoute, ServiceDefinition } from "./service.ts";
import { createAuthenticator } from "./sigv4/authenticate.ts";
import { checkHead } from "./transport/head-check.ts";
import { createHostCheck } from "./transport/host-check.ts";
import { createListener, type ListenAddress } from "./transport/listener.ts";
import { writeAnswer } from "./transport/write-answer.ts";

/** A route that is not AWS's (`/_rondo/health`): unauthenticated, but refused to foreign `Host` headers like everything. */
export type InternalRoute = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface WireServerOptions {
  readonly services: readonly ServiceDefinition[];
  readonly directRoutes?: readonly DirectRoute[];
  /** `GET /_rondo/health` → handler. */
  readonly internalRoutes?: Readonly<Record<string, InternalRoute>>;
  readonly credentials: CredentialStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<WireLimits>;
  /** Host names besides the loopback ones; host-style buckets are looked for under each (`<bucket>.s3.example.org`). */
  readonly hostNames?: readonly string[];
}

export interface WireServer {
  readonly listen: (address: ListenAddress) => Promise<{ url: string; port: number }>;
  /** Takes no more connections and lets what runs finish within the grace. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** The AWS front door: every service on one port, every request authenticated, routed, read, checked and answered by the SDK's own schemas. */
export function createWireServer(options: WireServerOptions): WireServer {
  const { services, internalRoutes = {}, logger } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const hostNames = [...(options.hostNames ?? [])];
  let checkHost = createHostCheck(hostNames);
  const authenticator = createAuthenticator(options);
  const stopping = new AbortController();
  const direct = createDirectRoutes(options.directRoutes ?? [], {
    authenticator,
    logger,
    limits,
    throughSchemas: (exchange, accepted) => void serve(exchange, undefined, accepted),
  });

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    request.on("error", () => {});
    response.on("error", () => {});
    const head = requestHead(request);
    const requestId = randomUUID();
    try {
      checkHead(head, limits);
      checkHost(head.headers.host);
      const internal = internalRoutes[`${head.method} ${head.path}`];
      if (internal === undefined && direct({ request, response, head, requestId })) return;
      void serve({ request, response, head, requestId }, internal);
    } catch (error) {
      void refuse({ request, response, head, requestId }, error, protocols[findDestination(services, head).protocol]);
    }
  };

  async function serve(
    exchange: Exchange,
    internal: InternalRoute | undefined,
    accepted?: AuthenticatedRequest,
  ): Promise<void> {
    const { request, response, head, requestId } = exchange;
    const destination = findDestination(services, head);
    const protocol = protocols[destination.protocol];
    try {
      if (internal !== undefined) return await internal(request, response);
      const { signal } = stopping;
      const operation: OperationRequest = { ...exchange, destination, protocol, hostNames, signal, accepted };
      const answer = await answerOperation(operation, { authenticator, limits, logger });
      await writeAnswer(response, answer, delivery(protocol, head, requestId, limits));
    } catch (error) {
      await refuse(exchange, error, protocol);
    }
  }

  /** Answers what failed before an operation could answer for itself. */
  async function refuse({ response, head, requestId }: Exchange, cause: unknown, protocol: Protocol): Promise<void> {
    const error = toAwsError(cause, protocol);
    const answer = errorAnswer(protocol, error, { requestId, head });
    if (!isOpen(response)) {
      // The head was sent: all that is left to tell the client is that the answer is not whole.
      if (!isEndByClient(cause)) logFailure(logger, error, answer.status, { requestId, head });
      if (!response.writableEnded) response.destroy();
      return;
    }
    logFailure(logger, error, answer.status, { requestId, head });
    await writeAnswer(response, answer, delivery(protocol, head, requestId, limits));
  }

  const listener = createListener(onRequest, limits);
  return {
    listen(address) {
      hostNames.push(address.host);
      checkHost = createHostCheck(hostNames);
      return listener.listen(address);
    },
    async close(graceMs) {
      const abort = setTimeout(() => stopping.abort(), graceMs);
      await listener.close(graceMs);
      clearTimeout(abort);
      stopping.abort();
    },
  };
}

function delivery(protocol: Protocol, head: RequestHead, requestId: string, limits: WireLimits) {
  return {
    requestId,
    isS3: protocol.family === "s3",
    isHead: head.method === "HEAD",
    idleTimeout: limits.bodyIdleTimeout,
  };
}
