import type { EndpointRef } from "./deployment.ts";
import type { HostResponse } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";

/** What of a container's complaint travels in the error. */
const MAX_MESSAGE_CHARACTERS = 2048;

/** The error of an answer other than 2xx, worded as SageMaker words it. */
export function modelError(endpoint: EndpointRef, response: HostResponse): ServeError {
  const { accountId, region, name } = endpoint;
  const text = typeof response.body === "string" ? response.body : Buffer.from(response.body).toString("utf8");
  const original = text.slice(0, MAX_MESSAGE_CHARACTERS);
  const side = response.status >= 500 ? "server" : "client";
  const group = `/aws/sagemaker/Endpoints/${name}`;
  return new ServeError(
    "ModelError",
    `Received ${side} error (${response.status}) from primary with message "${original}". See the log group ${group} in account ${accountId} for more information.`,
    {
      fields: {
        OriginalStatusCode: response.status,
        OriginalMessage: original,
        LogStreamArn: `arn:aws:logs:${region}:${accountId}:log-group:${group}`,
      },
    },
  );
}
