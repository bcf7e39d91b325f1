import type { Sql, SqlConnection } from "@rondo/store";
import type { EndpointRef } from "./deployment.ts";
import type { Serving } from "./serving.ts";

const CHANNEL = "rondo_endpoint";

/** Tells every process that uses the database that an endpoint serves something else now, or nothing any more. */
export async function announceEndpoint(
  sql: Pick<Sql, "notify">,
  connection: SqlConnection,
  { accountId, region, name }: EndpointRef,
): Promise<void> {
  await sql.notify(connection, CHANNEL, JSON.stringify({ accountId, region, name }));
}

/**
 * Follows what other processes do to the endpoints that are loaded here: their control loop moved the row on, this process's memory comes after.
 * An endpoint that cannot follow is left as it is and reported.
 */
export async function followEndpoints(dependencies: {
  readonly sql: Pick<Sql, "listen">;
  readonly serving: Pick<Serving, "refresh" | "loaded">;
  readonly onError: (error: unknown) => void;
}): Promise<AsyncDisposable> {
  const { sql, serving, onError } = dependencies;
  const stopping = new AbortController();
  const refresh = (endpoint: EndpointRef) =>
    void serving.refresh(endpoint, stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) onError(error);
    });
  const listening = await sql.listen(CHANNEL, (payload) => {
    // An empty message says that some may have been missed.
    if (payload !== "") refresh(JSON.parse(payload) as EndpointRef);
    else for (const endpoint of serving.loaded()) refresh(endpoint);
  });
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error("the server is closing"));
      await listening[Symbol.asyncDispose]();
    },
  };
}
