import type {
  InvokeEndpointInput,
  InvokeEndpointOutput,
  InvokeEndpointWithResponseStreamInput,
  InvokeEndpointWithResponseStreamOutput,
  ResponseStream,
} from "@aws-sdk/client-sagemaker-runtime";
import type { HostResponse, Serving } from "@rondo/serve";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { invocationError } from "./invocation-error.ts";

/** https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html */
export const MAX_BODY_BYTES = 6_291_456;
export const DEFAULT_CONTENT_TYPE = "application/octet-stream";
export const DEFAULT_ACCEPT = "*/*";

/** Members that ask for what built-in images do not do; an answer that ignores them would be a wrong one. */
const REFUSED: ReadonlySet<string> = new Set([
  "TargetModel",
  "TargetContainerHostname",
  "EnableExplanations",
  "InferenceComponentName",
  "SessionId",
]);

type Input = InvokeEndpointInput | InvokeEndpointWithResponseStreamInput;

/** InvokeEndpoint and InvokeEndpointWithResponseStream by way of the schemas; see invoke-endpoint-route.ts for the fast way. */
export function createInvokeEndpointOperations(serving: Pick<Serving, "invoke" | "now">) {
  async function invokeEndpoint(input: InvokeEndpointInput, caller: Caller): Promise<InvokeEndpointOutput> {
    const { variant, response } = await invoke(input, input.Accept, caller);
    return {
      Body: bytes(response) as InvokeEndpointOutput["Body"],
      ContentType: response.contentType,
      InvokedProductionVariant: variant,
      CustomAttributes: response.customAttributes,
    };
  }

  async function invokeEndpointWithResponseStream(
    input: InvokeEndpointWithResponseStreamInput,
    caller: Caller,
  ): Promise<InvokeEndpointWithResponseStreamOutput> {
    const { variant, response } = await invoke(input, input.Accept, caller);
    return {
      Body: onePart(bytes(response)),
      ContentType: response.contentType,
      InvokedProductionVariant: variant,
      CustomAttributes: response.customAttributes,
    };
  }

  async function invoke(input: Input, accept: string | undefined, caller: Caller) {
    const receivedAt = serving.now();
    const refused = Object.entries(input).find(([member, value]) => value !== undefined && REFUSED.has(member));
    if (refused !== undefined) {
      throw awsError("ValidationError", `${refused[0]} cannot be honoured: the endpoint has one container, one model.`);
    }
    const body = Buffer.from(input.Body ?? new Uint8Array());
    if (body.length > MAX_BODY_BYTES) {
      throw awsError("ValidationError", `The body has ${body.length} bytes; at most ${MAX_BODY_BYTES} are taken.`);
    }
    try {
      return await serving.invoke(caller, input.EndpointName ?? "", {
        receivedAt,
        targetVariant: input.TargetVariant,
        request: {
          body,
          contentType: input.ContentType ?? DEFAULT_CONTENT_TYPE,
          accept: accept ?? DEFAULT_ACCEPT,
          customAttributes: input.CustomAttributes,
          inferenceId: input.InferenceId,
        },
      });
    } catch (error) {
      throw invocationError(error);
    }
  }

  return { invokeEndpoint, invokeEndpointWithResponseStream };
}

function bytes(response: HostResponse): Uint8Array {
  return typeof response.body === "string" ? Buffer.from(response.body) : response.body;
}

/** A model in this process has its whole answer at once: one PayloadPart. */
async function* onePart(body: Uint8Array): AsyncGenerator<ResponseStream> {
  yield { PayloadPart: { Bytes: body } };
}

const PRINTABLE = String.raw`\p{ASCII}*`;
const ENDPOINT_NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9])*";

export const invokeEndpointConstraints: Constraints = Object.fromEntries(
  ["InvokeEndpointInput", "InvokeEndpointWithResponseStreamInput"].flatMap((shape) => [
    [`${shape}.EndpointName`, { max: 63, pattern: ENDPOINT_NAME }],
    [`${shape}.ContentType`, { max: 1024, pattern: PRINTABLE }],
    [`${shape}.Accept`, { max: 1024, pattern: PRINTABLE }],
    [`${shape}.CustomAttributes`, { max: 1024, pattern: PRINTABLE }],
    [`${shape}.TargetVariant`, { max: 63, pattern: ENDPOINT_NAME }],
    [`${shape}.InferenceId`, { min: 1, max: 64, pattern: PRINTABLE }],
  ]),
);
