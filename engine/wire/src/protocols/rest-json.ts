import { writeEventStream } from "../codec/event-stream.ts";
import { bodyShape, readBindings, writeBindings } from "../codec/http-binding.ts";
import { readJson, writeJson } from "../codec/json.ts";
import { readBlobPayload, writeStreamPayload } from "../codec/payload.ts";
import type { AwsError } from "../error.ts";
import { outputStatus } from "../output-status.ts";
import type { OperationModel } from "../service-model.ts";
import {
  type Answer,
  type AnswerContext,
  errorStatus,
  type OperationCall,
  type OutputContext,
  type Protocol,
} from "./protocol.ts";

/** REST-JSON: members in path, query, headers, and a JSON or raw body. */
export const restJson: Protocol = {
  family: "rest-json",
  validationCode: "ValidationException",
  readInput(call: OperationCall) {
    const { operation, body, nestingDepth } = call;
    if (operation.input === undefined) return {};
    const input = readBindings(operation.input, call);
    const payload = operation.input.members.find(({ traits }) => traits.httpPayload);
    if (payload === undefined)
      return { ...(readJson(bodyShape(operation.input), body, nestingDepth) as object), ...input };
    const value =
      readBlobPayload(payload, call) ?? (body.length > 0 ? readJson(payload.shape, body, nestingDepth) : undefined);
    return value === undefined ? input : { ...input, [payload.name]: value };
  },
  writeOutput({ output: shape, traits }: OperationModel, output: unknown, { streamFailed }: OutputContext): Answer {
    const values = (output ?? {}) as Record<string, unknown>;
    const bound = shape === undefined ? { headers: {}, status: undefined } : writeBindings(shape, values);
    const status = outputStatus(output) ?? bound.status ?? traits.http?.[2] ?? 200;
    if (shape === undefined)
      return { status, headers: { "content-type": "application/json", ...bound.headers }, body: "" };
    const events = writeEventStream(shape, values, { failed: streamFailed });
    if (events !== undefined)
      return {
        status,
        headers: { ...bound.headers, "content-type": "application/vnd.amazon.eventstream" },
        body: events,
      };
    const payload = shape.members.find(({ traits: { httpPayload } }) => httpPayload);
    if (payload === undefined) {
      return {
        status,
        headers: { "content-type": "application/json", ...bound.headers },
        body: writeJson(bodyShape(shape), values),
      };
    }
    const raw = writeStreamPayload(payload, values[payload.name]);
    if (raw !== undefined)
      return { status, headers: { "content-type": "application/octet-stream", ...bound.headers }, body: raw.body };
    return {
      status,
      headers: { "content-type": "application/json", ...bound.headers },
      body: writeJson(payload.shape, values[payload.name]),
    };
  },
  writeError(error: AwsError, { model }: AnswerContext): Answer {
    const shape = model?.errors.get(error.code);
    const messageMember = shape?.member("Message") ? "Message" : "message";
    // A direct route has no model at hand: its errors' members go as they are.
    const fields = shape === undefined ? error.fields : (JSON.parse(writeJson(shape, error.fields)) as object);
    return {
      status: errorStatus(error, model),
      headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
      body: JSON.stringify({ [messageMember]: error.message, ...fields }),
    };
  },
};
