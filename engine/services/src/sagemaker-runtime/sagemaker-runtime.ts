import { createRequire } from "node:module";
import type { Serving } from "@rondo/serve";
import type { SdkModule, ServiceDefinition } from "@rondo/wire";
import { createInvokeEndpointOperations, invokeEndpointConstraints } from "./invoke-endpoint.ts";

const require = createRequire(import.meta.url);

const REFUSED_MEMBERS =
  "Refused: TargetModel, TargetContainerHostname, EnableExplanations, InferenceComponentName, SessionId. InferenceId reaches the model; nothing is captured.";

/** SageMaker Runtime. InvokeEndpointAsync is not offered. */
export function createSageMakerRuntimeService(dependencies: {
  readonly serving: Pick<Serving, "invoke" | "now">;
}): ServiceDefinition {
  const { invokeEndpoint, invokeEndpointWithResponseStream } = createInvokeEndpointOperations(dependencies.serving);
  return {
    id: "sagemaker-runtime",
    signingName: "sagemaker",
    protocols: ["rest-json"],
    paths: /^\/endpoints\/[^/]+\/(async-)?invocations/,
    load: () => require("@aws-sdk/client-sagemaker-runtime") as SdkModule,
    client: "SageMakerRuntimeClient",
    operations: {
      InvokeEndpoint: invokeEndpoint,
      InvokeEndpointWithResponseStream: invokeEndpointWithResponseStream,
    },
    constraints: invokeEndpointConstraints,
    notHonoured: {
      InvokeEndpoint: REFUSED_MEMBERS,
      InvokeEndpointWithResponseStream: `${REFUSED_MEMBERS} The answer of a model in this process is one PayloadPart.`,
    },
  };
}
