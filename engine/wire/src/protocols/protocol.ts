import type { Readable } from "node:stream";
import type { AwsError } from "../error.ts";
import type { QueryPair } from "../percent-encoding.ts";
import type { RequestHead } from "../request-head.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { ErrorFamily } from "../sigv4/authentication-failure.ts";
import { unmodelledStatus } from "./unmodelled-status.ts";

/** A request whose operation is known. */
export interface OperationCall {
  readonly head: RequestHead;
  readonly query: readonly QueryPair[];
  readonly labels: Readonly<Record<string, string>>;
  readonly model: ServiceModel;
  readonly operation: OperationModel;
  /** Empty when the body streams. */
  readonly body: Buffer;
  readonly stream: Readable | undefined;
  readonly nestingDepth: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: AnswerBody;
}

export type AnswerBody = string | Uint8Array | AsyncIterable<Uint8Array> | undefined;

/** What an answer needs besides the output. */
export interface AnswerContext {
  readonly requestId: string;
  readonly head: RequestHead;
  /** Absent when the request was refused before its service was known. */
  readonly model?: ServiceModel | undefined;
}

/** What an output needs besides itself. */
export interface OutputContext extends AnswerContext {
  /** Told when a stream of events breaks after the head of its answer was sent. */
  readonly streamFailed: (error: unknown) => void;
}

/** One AWS protocol, seen from the server. */
export interface Protocol {
  readonly family: ErrorFamily;
  /** The code of a violated constraint, where the service does not say its own. */
  readonly validationCode: string;
  readonly readInput: (call: OperationCall) => Record<string, unknown>;
  readonly writeOutput: (operation: OperationModel, output: unknown, context: OutputContext) => Answer;
  readonly writeError: (error: AwsError, context: AnswerContext) => Answer;
}

/** The status of an error: its own, the one of its schema, the usual one of a code without, 400 for the rest. */
export function errorStatus(error: AwsError, model: ServiceModel | undefined): number {
  const traits = model?.errors.get(error.code)?.traits;
  return error.status ?? traits?.httpError ?? unmodelledStatus[error.code] ?? (traits?.error === "server" ? 500 : 400);
}
