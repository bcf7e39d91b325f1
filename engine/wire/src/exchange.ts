import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError, awsError } from "./error.ts";
import type { Logger } from "./logger.ts";
import { type Answer, type AnswerContext, type Protocol } from "./protocols/protocol.ts";
import type { RequestHead } from "./request-head.ts";
import { AuthenticationFailure, authenticationError } from "./sigv4/authentication-failure.ts";

/** One request on its way to its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly requestId: string;
}

/** Any thrown value as the AWS error that the client is told; what is not ours to tell becomes InternalFailure. */
export function toAwsError(error: unknown, { family }: Pick<Protocol, "family">): AwsError {
  if (error instanceof AuthenticationFailure) return authenticationError(error, family);
  if (error instanceof AwsError) return error;
  return awsError(
    family === "s3" ? "InternalError" : "InternalFailure",
    "The request processing has failed because of an unknown error, exception or failure.",
    {
      status: 500,
      cause: error,
    },
  );
}

export interface FailureReport {
  readonly requestId: string;
  readonly head: Pick<RequestHead, "method" | "path">;
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
}

/** One line per failure of ours, with its cause; what clients do wrong is not logged. */
export function logFailure(logger: Logger, error: AwsError, status: number, report: FailureReport): void {
  if (status < 500 || status === 501) return;
  const { requestId, head, service, operation } = report;
  logger.error(
    {
      requestId,
      method: head.method,
      path: head.path.slice(0, 256),
      service,
      operation,
      code: error.code,
      status,
      error: error.cause ?? error,
    },
    "request failed",
  );
}

/** An error in the form of its protocol. */
export function errorAnswer(protocol: Protocol, error: AwsError, context: AnswerContext): Answer {
  return protocol.writeError(error, context);
}

/** Whether an answer could not be written to its end because its reader went away. */
export function isEndByClient(error: unknown): boolean {
  return error instanceof Error && "code" in error && endsByClient.has(String(error.code));
}

const endsByClient: ReadonlySet<string> = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"]);

/** Whether an answer can still be written. */
export function isOpen(response: ServerResponse): boolean {
  return !response.headersSent && !response.destroyed && !response.writableEnded;
}
