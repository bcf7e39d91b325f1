import { writeEventStream } from "../codec/event-stream.ts";
import { bodyShape, readBindings, writeBindings } from "../codec/http-binding.ts";
import { readBlobPayload, writeStreamPayload } from "../codec/payload.ts";
import { readXml } from "../codec/read-xml.ts";
import { escapeXml, writeXml } from "../codec/write-xml.ts";
import { AwsError, awsError } from "../error.ts";
import { outputStatus } from "../output-status.ts";
import type { OperationModel } from "../service-model.ts";
import type { StructureShape } from "../shape.ts";
import {
  type Answer,
  type AnswerContext,
  errorStatus,
  type OperationCall,
  type OutputContext,
  type Protocol,
} from "./protocol.ts";

const xmlHeaders = { "content-type": "application/xml" };
const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** REST-XML as S3 speaks it: members in path, query, headers, and an XML or raw body. */
export const restXml: Protocol = {
  family: "s3",
  validationCode: "InvalidArgument",
  readInput(call: OperationCall) {
    const { operation, body, nestingDepth } = call;
    if (operation.input === undefined) return {};
    const input = readInputBindings(operation.input, call);
    const payload = operation.input.members.find(({ traits }) => traits.httpPayload);
    if (payload === undefined) return input;
    const value =
      readBlobPayload(payload, call) ?? (body.length > 0 ? readXml(payload.shape, body, nestingDepth) : undefined);
    return value === undefined ? input : { ...input, [payload.name]: value };
  },
  writeOutput(
    { output: shape, traits }: OperationModel,
    output: unknown,
    { model, streamFailed }: OutputContext,
  ): Answer {
    const values = (output ?? {}) as Record<string, unknown>;
    const bound = shape === undefined ? { headers: {}, status: undefined } : writeBindings(shape, values);
    const status = outputStatus(output) ?? bound.status ?? traits.http?.[2] ?? 200;
    if (shape === undefined) return { status, headers: bound.headers, body: undefined };
    const events = writeEventStream(shape, values, { failed: streamFailed });
    if (events !== undefined)
      return {
        status,
        headers: { ...bound.headers, "content-type": "application/vnd.amazon.eventstream" },
        body: events,
      };
    const payload = shape.members.find(({ traits: { httpPayload } }) => httpPayload);
    const raw = payload && writeStreamPayload(payload, values[payload.name]);
    if (raw !== undefined)
      return { status, headers: { "content-type": "binary/octet-stream", ...bound.headers }, body: raw.body };
    const root = payload?.shape.kind === "structure" ? payload.shape : bodyShape(shape);
    const value = payload === undefined ? values : values[payload.name];
    if (value === undefined || root.members.length === 0) return { status, headers: bound.headers, body: undefined };
    const name = payload?.traits.xmlName ?? root.traits.xmlName ?? root.name;
    return {
      status,
      headers: { ...xmlHeaders, ...bound.headers },
      body: prolog + documentElement(root, value, { name, namespace: model?.xmlNamespace }),
    };
  },
  writeError(error: AwsError, { requestId, head, model }: AnswerContext): Answer {
    const status = errorStatus(error, model);
    if (status === 304) return { status, headers: errorHeaders(error), body: undefined };
    const code = error.code === "SerializationException" ? "InvalidArgument" : error.code;
    const fields = Object.entries(error.fields)
      .filter(([, value]) => value !== undefined && typeof value !== "object")
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    const hostId = Buffer.from(requestId).toString("base64");
    const body = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>${fields.join("")}<Resource>${escapeXml(head.path)}</Resource><RequestId>${requestId}</RequestId><HostId>${hostId}</HostId>`;
    return { status, headers: { ...xmlHeaders, ...errorHeaders(error) }, body: `${prolog}<Error>${body}</Error>` };
  },
};

/** GetBucketLocation answers its one value as the content of the root. */
function documentElement(
  shape: StructureShape,
  value: unknown,
  root: { name: string; namespace: string | undefined },
): string {
  const [only] = shape.members;
  if (shape.members.length !== 1 || only?.name !== root.name || only.shape.kind !== "string")
    return writeXml(shape, value, root);
  const text = (value as Record<string, unknown>)[only.name];
  const namespace = root.namespace === undefined ? "" : ` xmlns="${escapeXml(root.namespace)}"`;
  return text === undefined || text === ""
    ? `<${root.name}${namespace}/>`
    : `<${root.name}${namespace}>${escapeXml(String(text))}</${root.name}>`;
}

/** HEAD answers have no body: clients see the code only where a header has it. */
function errorHeaders({ fields }: AwsError): Record<string, string> {
  return typeof fields["ETag"] === "string" ? { etag: fields["ETag"] } : {};
}

function readInputBindings(shape: StructureShape, call: OperationCall): Record<string, unknown> {
  try {
    return readBindings(shape, call);
  } catch (error) {
    if (error instanceof AwsError && error.code === "SerializationException")
      throw awsError("InvalidArgument", error.message, { status: 400 });
    throw error;
  }
}
