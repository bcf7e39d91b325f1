import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { labelledText } from "@rondo/conformance/labelled-text";
import type { Scenario } from "./scenario.ts";
import { prepareTextModel, TEXT_MODEL } from "./text-model.ts";

const texts = labelledText(256, 2)
  .split("\n")
  .map((line) => line.replace(/^__label__\w+ /, ""));

/** Real-time predictions: one sentence each, asked of a small text model. */
export const invokeEndpoint: Scenario = {
  name: "invoke-endpoint",
  goal: { requestsPerSecond: 15_000, p99Milliseconds: 5, shareOfEcho: 0.4 },
  prepare: prepareTextModel,
  send: (index, configuration) =>
    new SageMakerRuntimeClient(configuration).send(
      new InvokeEndpointCommand({
        EndpointName: TEXT_MODEL,
        ContentType: "application/json",
        Accept: "application/json",
        Body: JSON.stringify({ instances: [`${texts[index % texts.length]} ${index}`] }),
      }),
    ),
};
