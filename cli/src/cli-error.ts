import { isNotFound } from "@rondo/sdk";
import type { Outcome } from "./exit-code.ts";

/** What a command says when it cannot do what it was asked: what happened and why, and what to do next. */
export class CliError extends Error {
  readonly outcome: Outcome;
  readonly advice: string | undefined;

  constructor(outcome: Outcome, message: string, advice?: string) {
    super(message);
    this.name = "CliError";
    this.outcome = outcome;
    this.advice = advice;
  }
}

/** Why a command is aborted whose reader has gone (`rondo logs -f job | head`): it ends as it would otherwise, and says nothing. */
export class OutputClosed extends Error {
  constructor() {
    super("Nobody reads the output any more.");
    this.name = "OutputClosed";
  }
}

const CONNECTION_CODES = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EHOSTUNREACH", "ETIMEDOUT", "EPIPE"];
const CREDENTIAL_ERRORS = [
  "CredentialsProviderError",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
];

/** `code` of the error, of its cause, or of the first of several tries. */
function connectionCode(error: unknown): string | undefined {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string" && CONNECTION_CODES.includes(code)) return code;
  if (Array.isArray(errors)) return connectionCode(errors[0]);
  return cause === undefined ? undefined : connectionCode(cause);
}

/** What `listen` says of an address that another program has. */
function takenAddress(error: unknown): string | undefined {
  const { code, address, port } = (error ?? {}) as { code?: unknown; address?: unknown; port?: unknown };
  return code === "EADDRINUSE" ? `${String(address)}, port ${String(port)},` : undefined;
}

/** Translates whatever a command threw, once, at the edge. */
export function toCliError(error: unknown, endpointUrl: string): CliError {
  if (error instanceof CliError) return error;
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const code = connectionCode(error);
  if (code !== undefined) {
    return new CliError(
      "unreachable",
      `No server answers at ${endpointUrl} (${code}).`,
      "Start one with `rondo start`, or say where it is with --endpoint-url.",
    );
  }
  const taken = takenAddress(error);
  if (taken !== undefined) {
    return new CliError(
      "failure",
      `${taken} is taken by another program.`,
      "Stop that program, or choose another port with --port.",
    );
  }
  if (name === "TimeoutError") {
    return new CliError(
      "unreachable",
      `The server at ${endpointUrl} did not answer in time.`,
      "See what `rondo doctor` says.",
    );
  }
  if (name === "AbortError") return new CliError("interrupted", "Interrupted.");
  if (CREDENTIAL_ERRORS.includes(name)) {
    return new CliError(
      "failure",
      `${endpointUrl} does not accept the credentials: ${message}`,
      "rondo uses the AWS_* variables when they are set, else the file `credentials` in --home. `rondo credentials` shows it.",
    );
  }
  if (isNotFound(error)) return new CliError("notFound", message);
  return new CliError("failure", message || name);
}
