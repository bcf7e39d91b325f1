import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Invocation, Serving } from "@rondo/serve";
import type { DirectExchange, DirectRoute } from "@rondo/wire";
import { invocationError } from "./invocation-error.ts";
import { DEFAULT_ACCEPT, DEFAULT_CONTENT_TYPE, MAX_BODY_BYTES } from "./invoke-endpoint.ts";

const PREFIX = "/endpoints/";
const SUFFIX = "/invocations";
const PATH = /^\/endpoints\/[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}\/invocations$/;

/** Members of InvokeEndpoint that come as headers and that this route takes; a request with any other goes the way of the schemas. */
const SCHEMA_HEADERS = [
  "x-amzn-sagemaker-target-model",
  "x-amzn-sagemaker-target-container-hostname",
  "x-amzn-sagemaker-enable-explanations",
  "x-amzn-sagemaker-inference-component",
  "x-amzn-sagemaker-session-id",
  "x-amzn-sagemaker-prefix-aware-id",
] as const;

/**
 * InvokeEndpoint around the schemas: the same semantics as `invokeEndpoint` (one test runs both), without promises as long as the model answers
 * at once.
 */
export function createInvokeEndpointRoute(serving: Pick<Serving, "invoke" | "now">): DirectRoute {
  return {
    signingName: "sagemaker",
    protocol: "rest-json",
    maxBodyBytes: MAX_BODY_BYTES,
    matches: isPlainInvocation,
    handle(exchange) {
      const receivedAt = serving.now();
      const { request, body, caller } = exchange;
      const { headers } = request;
      try {
        const url = request.url ?? "";
        const answer = serving.invoke(caller, url.slice(PREFIX.length, -SUFFIX.length), {
          receivedAt,
          targetVariant: header(headers, "x-amzn-sagemaker-target-variant"),
          request: {
            body,
            contentType: headers["content-type"] ?? DEFAULT_CONTENT_TYPE,
            accept: headers.accept ?? DEFAULT_ACCEPT,
            customAttributes: header(headers, "x-amzn-sagemaker-custom-attributes"),
            inferenceId: header(headers, "x-amzn-sagemaker-inference-id"),
          },
        });
        if (answer instanceof Promise) void respondLater(exchange, answer);
        else respond(exchange, answer);
      } catch (error) {
        exchange.fail(invocationError(error));
      }
    },
  };
}

function isPlainInvocation({ method, url = "", headers }: IncomingMessage): boolean {
  if (method !== "POST" || !url.startsWith(PREFIX) || !PATH.test(url)) return false;
  for (const name of SCHEMA_HEADERS) if (headers[name] !== undefined) return false;
  // What is too long is for the schemas to refuse.
  return (
    (header(headers, "x-amzn-sagemaker-custom-attributes")?.length ?? 0) <= 1024 &&
    (header(headers, "x-amzn-sagemaker-inference-id")?.length ?? 1) <= 64 &&
    (header(headers, "x-amzn-sagemaker-target-variant")?.length ?? 1) <= 63
  );
}

async function respondLater(exchange: DirectExchange, answer: Promise<Invocation>): Promise<void> {
  try {
    respond(exchange, await answer);
  } catch (error) {
    exchange.fail(invocationError(error));
  }
}

function respond(exchange: DirectExchange, { variant, response }: Invocation): void {
  const headers = ["Content-Type", response.contentType, "x-Amzn-Invoked-Production-Variant", variant];
  if (response.customAttributes !== undefined) {
    headers.push("X-Amzn-SageMaker-Custom-Attributes", response.customAttributes);
  }
  exchange.respond(200, headers, response.body);
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
