import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { type FastifyError, type FastifyInstance, fastify } from "fastify";
import { describeFailure, isTransient } from "../is-transient.ts";
import { HttpError } from "./http-error.ts";

/** One of the two services of the application. */
export interface WebService {
  /** `recommendations-api` */
  readonly name: string;
  /** One sentence for its OpenAPI page. */
  readonly summary: string;
  readonly routes: (scope: FastifyInstance) => void;
  /** Throws what keeps the service from doing its work; what it returns is shown by `GET /health`. */
  readonly checkHealth: () => Promise<Readonly<Record<string, unknown>>>;
  readonly onFault: (error: unknown) => void;
}

export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Named when the port is taken. */
  readonly portSetting: string;
}

export interface RunningWebService {
  readonly name: string;
  /** `http://127.0.0.1:8011` */
  readonly url: string;
  close(): Promise<void>;
}

/** A batch of a thousand orders. */
const MOST_BODY_BYTES = 16 * 1024 * 1024;

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]", "::1"]);

/** Opens the service and listens. Throws, naming the port and its setting, when the port is taken. */
export async function startWebService(service: WebService, address: Address): Promise<RunningWebService> {
  const { host, port, portSetting } = address;
  const instance = createWebService(service, LOOPBACK_HOSTS.has(host) ? LOOPBACK_HOSTS : undefined);
  try {
    const url = await instance.listen({ host, port });
    return { name: service.name, url, close: () => instance.close() };
  } catch (error) {
    await instance.close();
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    const advice = `Stop the program that has it, or choose another port: ${portSetting}.`;
    throw new Error(`Port ${port} on ${host} is taken. ${advice}`, { cause: error });
  }
}

/**
 * A Fastify instance with health, OpenAPI (`/docs/json`, page at `/docs`), strict requests and one form of errors. With `allowedHosts` it answers to these
 * names only, so that no page of another site reaches it by a name of its own.
 */
export function createWebService(service: WebService, allowedHosts?: ReadonlySet<string>): FastifyInstance {
  const { name, summary, routes, checkHealth, onFault } = service;
  const instance = fastify({
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: 60_000,
    forceCloseConnections: "idle",
    // A text is no number, and a misspelt member is refused instead of left out. Query parameters declare text and are read by the route.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
  });
  if (allowedHosts !== undefined) {
    instance.addHook("onRequest", async ({ hostname, headers }) => {
      const { origin } = headers;
      const asking = origin === undefined ? hostname : hostOf(origin);
      if (allowedHosts.has(hostname) && allowedHosts.has(asking)) return;
      throw new HttpError(403, "ForbiddenHost", `This service answers neither to the name nor to pages of ${asking}.`);
    });
  }
  instance.register(swagger, {
    openapi: { info: { title: `Recommendations: ${name}`, version: "1", description: summary } },
  });
  instance.register(swaggerUi, { routePrefix: "/docs" });
  instance.register(async (scope) => {
    const schema = { summary: "Whether the service can do its work", response: answeringHealth };
    scope.get("/health", { schema }, async (_request, reply) => {
      try {
        return { status: "ok", service: name, ...(await checkHealth()) };
      } catch (error) {
        return reply.code(503).send({ status: "unavailable", service: name, detail: describeFailure(error) });
      }
    });
    routes(scope);
  });
  instance.setNotFoundHandler(({ method, url }, reply) =>
    reply
      .code(404)
      .send({ error: { code: "NotFound", message: `There is no ${method} ${url}; /docs shows what there is.` } }),
  );
  instance.setErrorHandler((error: FastifyError | HttpError, _request, reply) => {
    const { status, code, message } = explain(error);
    if (status === 500) onFault(error);
    return reply.code(status).send({ error: { code, message } });
  });
  return instance;
}

const HEALTH = {
  type: "object",
  required: ["status", "service"],
  additionalProperties: true,
  properties: { status: { type: "string" }, service: { type: "string" } },
} as const;

const answeringHealth = { 200: HEALTH, 503: HEALTH };

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : "";
}

/** The one place where what was thrown becomes an answer. */
function explain(error: FastifyError | HttpError): Pick<HttpError, "status" | "code" | "message"> {
  if (error instanceof HttpError) return error;
  const status = error.statusCode ?? 500;
  if (status < 500) return { status, code: "InvalidRequest", message: error.message };
  if (isTransient(error)) {
    return { status: 503, code: "OutOfReach", message: `Try again: ${describeFailure(error)}` };
  }
  if ("$metadata" in error) return { status: 502, code: "AwsRefused", message: `${error.name}: ${error.message}` };
  return { status: 500, code: "InternalFailure", message: "The service failed; try again." };
}
