import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { type FastifyError, type FastifyInstance, fastify } from "fastify";
import { describeFailure, isOutOfReach } from "../storage/out-of-reach.ts";
import { type Dependency, healthSchema, readHealth } from "./health.ts";
import { errorBody, ServiceError } from "./service-error.ts";

export interface WebServiceOptions {
  /** `feedback-service` */
  readonly name: string;
  /** One sentence, shown on the OpenAPI page. */
  readonly summary: string;
  readonly dependencies: readonly Dependency[];
  /** What `GET /health` shows beside the dependencies, with its schema. */
  readonly facts?: { readonly schema: Readonly<Record<string, object>>; read(): Record<string, unknown> };
  /**
   * Host names under which the service may be called, and whose pages may call it; others are refused, so that no web page reaches it, be it by a
   * name of its own. Default: any.
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Largest body in bytes. Default 128 KiB. */
  readonly bodyLimit?: number;
  routes(service: FastifyInstance): void;
  /** Told of faults that nobody expected: what answers 500. Default: nobody. */
  readonly onFault?: (error: unknown) => void;
}

/** A text of 10,000 characters fits even when each of them is written as two JSON escapes of six bytes. */
const MOST_BODY_BYTES = 128 * 1024;

/**
 * A service with what all seven have: `GET /health`, the OpenAPI document at `/docs/json` and its page at `/docs`, strict requests (nothing is
 * coerced, unknown members are refused), one form of errors, a host check and limits.
 */
export function createWebService(options: WebServiceOptions): FastifyInstance {
  const { name, summary, dependencies, facts, allowedHosts, bodyLimit = MOST_BODY_BYTES } = options;
  const service = fastify({
    bodyLimit,
    requestTimeout: 30_000,
    forceCloseConnections: "idle",
    // A number is no text: refused, not turned into one. A misspelt member is refused, not left out.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  const known: string[] = [];

  service.addHook("onRequest", async (request) => {
    if (allowedHosts !== undefined && !allowedHosts.includes(request.hostname)) {
      throw new ServiceError(403, "ForbiddenHost", `This service does not answer to the name ${request.hostname}.`);
    }
    // A browser names the page that asks. Without this any page could begin a retraining: a POST without a body needs no permission of CORS.
    const { origin } = request.headers;
    if (allowedHosts !== undefined && origin !== undefined && !allowedHosts.includes(hostOf(origin))) {
      throw new ServiceError(403, "ForbiddenOrigin", `This service does not answer to pages of ${origin}.`);
    }
  });
  service.addHook("preValidation", async (request) => {
    if (!isWellFormed(request.body)) {
      throw new ServiceError(
        400,
        "InvalidRequest",
        "A text of the body has half of a surrogate pair, which is no character.",
      );
    }
  });
  service.addHook("onRoute", ({ method, url }) => {
    if (method !== "HEAD" && !url.startsWith("/docs")) known.push(`${String(method)} ${url}`);
  });

  service.register(swagger, { openapi: { info: { title: `Sentiment: ${name}`, version: "1", description: summary } } });
  service.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: true,
    // The plugin's policy also turns the page's own requests to HTTPS, which none of the services speaks.
    transformStaticCSP: (policy) =>
      policy.replace(" upgrade-insecure-requests;", "").replace(" validator.swagger.io", ""),
  });
  service.register(async (scope) => {
    scope.get(
      "/health",
      {
        schema: {
          summary: "What the service depends on and whether it answers",
          response: { 200: healthSchema(facts?.schema ?? {}), 503: healthSchema(facts?.schema ?? {}) },
        },
      },
      async (_request, reply) => {
        const health = await readHealth(name, dependencies);
        return reply.code(health.status === "unavailable" ? 503 : 200).send({ ...health, ...facts?.read() });
      },
    );
    options.routes(scope);
  });

  service.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.split("?")[0]}. There are ${known.join(", ")}; /docs shows them.`;
    return reply.code(404).send(errorBody("NotFound", message));
  });
  service.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, code, message } = explain(error);
    if (status === 500) options.onFault?.(error);
    return reply.code(status).send(errorBody(code, message));
  });
  return service;
}

/** The host name of an origin; empty for `null` and what is none. */
function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : "";
}

/** Stores refuse texts that cannot be written as UTF-8, and with them the rows that travel in the same request. Bodies are parsed JSON of some levels. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWellFormed(member));
}

/** The one place where what was thrown becomes an answer. */
function explain(error: FastifyError | ServiceError): Pick<ServiceError, "status" | "code" | "message"> {
  if (error instanceof ServiceError) return error;
  const { message } = error;
  if ("validation" in error || "statusCode" in error) {
    const { statusCode = 500 } = error as FastifyError;
    if (statusCode < 500)
      return { status: statusCode, code: "InvalidRequest", message: message.replace(/^body\/(\w+)/, "$1") };
  }
  if (isOutOfReach(error)) {
    return { status: 503, code: "DependencyUnavailable", message: `AWS does not answer: ${describeFailure(error)}` };
  }
  // DynamoDB's word for a table that is not there.
  if (error.name === "ResourceNotFoundException") {
    const advice =
      "POST /bootstrap of the model-init-service (port 8006), where that has the right to, makes all of them";
    return { status: 503, code: "NotBootstrapped", message: `A table is missing: ${advice}. (${message})` };
  }
  // A refusal by AWS: a request that it does not take, a role without rights. Its own text says what is missing.
  if ("$metadata" in error) return { status: 502, code: "DependencyRefused", message: `${error.name}: ${message}` };
  if (error.name === "CredentialsProviderError") return { status: 503, code: "NoCredentials", message };
  return { status: 500, code: "InternalFailure", message: "The service failed; try again." };
}
