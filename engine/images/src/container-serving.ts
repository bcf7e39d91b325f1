import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ContainerEnvironment } from "./container-training.ts";
import type { BuiltInImage, LoadedModel } from "./image.ts";

/** SageMaker's limit of a real-time request. */
const MAXIMUM_BODY_BYTES = 6_291_456;
/** SageMaker waits 60 s for an answer; a client that takes longer to send its request is cut off. */
const REQUEST_TIMEOUT_MS = 60_000;
const DEFAULT_PORT = 8080;

/**
 * `serve` of the container contract: `GET /ping`, `POST /invocations`. Returns the exit code: 0 when the signal was
 * aborted and the last answer is sent, 1 when the model cannot be loaded, with the reason in the log.
 */
export async function runServing(image: BuiltInImage, environment: ContainerEnvironment): Promise<number> {
  const { directory, variables, signal, log } = environment;
  let model: LoadedModel;
  try {
    model = await image.load(join(directory, "model"), variables);
  } catch (error) {
    log(`The model cannot be loaded: ${(error as Error).message}`);
    return 1;
  }
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(model, request, response).catch((error: unknown) => {
      log(`Invocation failed: ${(error as Error).stack}`);
      respond(response, 500, "application/json", JSON.stringify({ error: (error as Error).message }));
    });
  });
  server.listen(Number(variables["SAGEMAKER_BIND_TO_PORT"] ?? DEFAULT_PORT));
  await once(server, "listening");
  log(`Serving ${image.repository} on port ${(server.address() as AddressInfo).port}`);
  await closeOn(signal, server);
  model.close();
  return 0;
}

async function closeOn(signal: AbortSignal, server: Server): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
  server.close();
  server.closeIdleConnections();
  await once(server, "close");
}

async function answer(model: LoadedModel, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET" && request.url === "/ping") return respond(response, 200, "application/json", "");
  if (request.method !== "POST" || request.url !== "/invocations") {
    return respond(response, 404, "application/json", '{"error":"Known are GET /ping and POST /invocations."}');
  }
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader("connection", "close");
    return respond(response, 413, "application/json", `{"error":"The request exceeds ${MAXIMUM_BODY_BYTES} bytes."}`);
  }
  const { "content-type": contentType = "", accept = "" } = request.headers;
  const result = await model.invokeInSlices({ body, contentType, accept });
  respond(response, result.status, result.contentType, result.body);
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAXIMUM_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function respond(response: ServerResponse, status: number, contentType: string, body: string | Uint8Array): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
