import type { IncomingMessage, ServerResponse } from "node:http";
import type { InternalRoute } from "@rondo/wire";

/** `GET /_rondo/health`: 200 when state can be read, 503 when not; with `?verbose` also how the database is. */
export function healthRoute(
  describe: (isVerbose: boolean) => Promise<Readonly<Record<string, unknown>>>,
): InternalRoute {
  return async (request, response) => {
    try {
      const isVerbose = new URL(request.url ?? "/", "http://localhost").searchParams.has("verbose");
      answer(response, 200, { status: "ok", ...(await describe(isVerbose)) });
    } catch (error) {
      answer(response, 503, { status: "unavailable", reason: error instanceof Error ? error.message : String(error) });
    }
  };
}

/**
 * `POST /_rondo/reset`: empties everything; there only when the server was started with --allow-reset. It is not signed, so what a browser sends for
 * a web page (it says so with `Origin`) is refused.
 */
export function resetRoute(reset: () => Promise<void>): InternalRoute {
  return async (request: IncomingMessage, response) => {
    request.resume();
    if (request.headers.origin !== undefined) {
      answer(response, 403, { status: "refused", reason: "A web page may not reset the server." });
      return;
    }
    await reset();
    answer(response, 200, { status: "empty" });
  };
}

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
