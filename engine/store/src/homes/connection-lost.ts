/** PostgreSQL's admin_shutdown, crash_shutdown and cannot_connect_now, and what the operating system says of a socket that nobody serves. */
const codes = new Set(["57P01", "57P02", "57P03", "ECONNRESET", "ECONNREFUSED", "EPIPE", "ENOENT"]);

/** What node-postgres says without a code. */
const messages = new Set([
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Client has encountered a connection error and is not queryable",
]);

/** True when the server went away, or is on its way: the same call may succeed in a moment. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined) return messages.has(error.message);
  return codes.has(code) && (code !== "ENOENT" || syscall === "connect");
}
