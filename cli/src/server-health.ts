import { CliError } from "./cli-error.ts";

const TIMEOUT_MS = 5_000;

/** Asks `GET /_rondo/health`. A server that is no Rondo is said to be none. */
export async function readHealth(endpointUrl: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(new URL("/_rondo/health", endpointUrl), { signal: deadline });
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== "object" || body === null) {
    throw new CliError(
      "failure",
      `What answers at ${endpointUrl} is not Rondo (status ${response.status}).`,
      "Another program may have taken the port. Say where Rondo is with --endpoint-url.",
    );
  }
  const health = body as Record<string, unknown>;
  if (response.ok) return health;
  throw new CliError(
    "failure",
    `Rondo at ${endpointUrl} is not well: ${String(health.reason ?? `status ${response.status}`)}`,
    "See what `rondo doctor` says.",
  );
}
