import { writeEventStream } from "../codec/event-stream.ts";
import { readJson, writeJson } from "../codec/json.ts";
import type { AwsError } from "../error.ts";
import { headerValue } from "../request-head.ts";
import type { OperationModel } from "../service-model.ts";
import {
  type Answer,
  type AnswerContext,
  errorStatus,
  type OperationCall,
  type OutputContext,
  type Protocol,
} from "./protocol.ts";

/** AWS JSON 1.0 and 1.1: everything in the body, the operation in `X-Amz-Target`; the version is the client's. */
export const awsJson: Protocol = {
  family: "json",
  validationCode: "ValidationException",
  readInput({ operation, body, nestingDepth }: OperationCall) {
    return operation.input === undefined
      ? {}
      : (readJson(operation.input, body, nestingDepth) as Record<string, unknown>);
  },
  writeOutput({ output: shape }: OperationModel, output: unknown, { head, streamFailed }: OutputContext): Answer {
    if (shape === undefined)
      return { status: 200, headers: { "content-type": contentType(head.headers["content-type"]) }, body: "" };
    const events = writeEventStream(shape, output, { initial: "initial-response", failed: streamFailed });
    if (events !== undefined)
      return { status: 200, headers: { "content-type": "application/vnd.amazon.eventstream" }, body: events };
    return {
      status: 200,
      headers: { "content-type": contentType(head.headers["content-type"]) },
      body: writeJson(shape, output),
    };
  },
  writeError(error: AwsError, context: AnswerContext): Answer {
    const { model, head } = context;
    const shape = model?.errors.get(error.code);
    const fields = shape === undefined ? {} : (JSON.parse(writeJson(shape, error.fields)) as object);
    const messageMember = shape?.member("message") ? "message" : "Message";
    // SageMaker writes `Message`; clients look for both spellings.
    const body = JSON.stringify({
      __type: `${errorNamespace(error.code, context)}#${error.code}`,
      [messageMember]: error.message,
      ...fields,
    });
    const headers: Record<string, string> = { "content-type": contentType(head.headers["content-type"]) };
    if (headerValue(head, "x-amzn-query-mode") === "true") headers["x-amzn-query-error"] = queryError(error, context);
    return { status: errorStatus(error, model), headers, body };
  },
};

/** AWS names the namespace of the front end for errors that no service models. */
export function errorNamespace(code: string, { model }: AnswerContext): string {
  if (model?.errors.has(code)) return model.namespace;
  return code === "ValidationException" ? "com.amazon.coral.validate" : "com.amazon.coral.service";
}

/** `Code;Sender` as the service's former query protocol named it, for clients that migrated from that. */
export function queryError(error: AwsError, { model }: AnswerContext): string {
  const code = model?.errors.get(error.code)?.traits.awsQueryError?.[0] ?? error.code;
  return `${code};${errorStatus(error, model) < 500 ? "Sender" : "Receiver"}`;
}

function contentType(requested: string | undefined): string {
  return requested?.startsWith("application/x-amz-json-1.0")
    ? "application/x-amz-json-1.0"
    : "application/x-amz-json-1.1";
}
