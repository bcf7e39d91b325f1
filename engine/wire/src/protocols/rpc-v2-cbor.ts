import { cbor, tag } from "@smithy/core/cbor";
import { checkCborNesting } from "../codec/cbor-nesting.ts";
import { type LeafWriter, readDocument, writeDocument } from "../codec/document.ts";
import { serializationError } from "../codec/serialization-error.ts";
import type { AwsError } from "../error.ts";
import { headerValue } from "../request-head.ts";
import type { OperationModel } from "../service-model.ts";
import { errorNamespace, queryError } from "./aws-json.ts";
import { type Answer, type AnswerContext, errorStatus, type OperationCall, type Protocol } from "./protocol.ts";

const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

/** Tag 1: seconds since 1970 (RFC 8949, 3.4.2). */
const leaf: LeafWriter = {
  timestamp: (date) => tag({ tag: 1, value: date.getTime() / 1000 }),
  blob: (bytes) => bytes,
};

/** Smithy RPC v2 CBOR, which newer CloudWatch clients speak. */
export const rpcV2Cbor: Protocol = {
  family: "json",
  validationCode: "ValidationException",
  readInput({ operation, body, nestingDepth }: OperationCall) {
    if (operation.input === undefined) return {};
    return readDocument(operation.input, body.length === 0 ? {} : decode(body, nestingDepth)) as Record<
      string,
      unknown
    >;
  },
  writeOutput({ output: shape }: OperationModel, output: unknown): Answer {
    if (shape === undefined) return { status: 200, headers, body: undefined };
    return { status: 200, headers, body: cbor.serialize(writeDocument(shape, output ?? {}, leaf)) };
  },
  writeError(error: AwsError, context: AnswerContext): Answer {
    const { model, head } = context;
    const shape = model?.errors.get(error.code);
    const fields = shape === undefined ? {} : (writeDocument(shape, error.fields, leaf) as object);
    const messageMember = shape?.member("Message") ? "Message" : "message";
    const body = cbor.serialize({
      __type: `${errorNamespace(error.code, context)}#${error.code}`,
      [messageMember]: error.message,
      ...fields,
    });
    const queryMode = headerValue(head, "x-amzn-query-mode") === "true";
    return {
      status: errorStatus(error, model),
      headers: queryMode ? { ...headers, "x-amzn-query-error": queryError(error, context) } : headers,
      body,
    };
  },
};

function decode(body: Buffer, nestingDepth: number): unknown {
  checkCborNesting(body, nestingDepth);
  try {
    return cbor.deserialize(body);
  } catch (cause) {
    throw serializationError(`Could not parse the request body as CBOR: ${(cause as Error).message.slice(0, 120)}`);
  }
}
