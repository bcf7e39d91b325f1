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
  /** How far the roll-out of `target` is; there once its models are loaded, if its traffic moves in stages. */
  readonly rollout?: EndpointRollout;
  readonly failureReason?: string;
  readonly lastDeploymentConfig?: DeploymentConfig;
}

export interface EndpointRollout {
  /** Index into `rolloutStages` of the deployment configuration. */
  readonly stage: number;
  /** ActivatingTraffic until the traffic has moved, then Baking: the wait in which alarms are watched. */
  readonly status: "ActivatingTraffic" | "Baking";
  /** ISO; when `status` began. */
  readonly since: string;
}
