import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { ServedEndpoint } from "@rondo/serve";

/**
 * An endpoint's row (`sagemaker/endpoint`): what it serves and what it is to serve next. `target` is there exactly while something is being
 * brought up, by CreateEndpoint, UpdateEndpoint or UpdateEndpointWeightsAndCapacities.
 */
export interface EndpointBody extends ServedEndpoint {
  /** ISO; when traffic moved to `deployed`. */
  readonly deployedAt?: string;
  /** ISO; when the deployment of `target` was asked for. */
  readonly targetSince?: string;
  readonly failureReason?: string;
  readonly lastDeploymentConfig?: DeploymentConfig;
}
