import type { Owner } from "@rondo/store";

/** Which endpoint: names are unique per account and region. */
export interface EndpointRef extends Owner {
  readonly name: string;
}

/**
 * What an endpoint serves: its configuration with everything resolved at the moment of CreateEndpoint or UpdateEndpoint, so that deleting
 * a model or a configuration afterwards changes nothing of what runs. Plain JSON, kept in the endpoint's row.
 */
export interface Deployment {
  /** Unique per create and update: a fleet serves exactly one deployment. */
  readonly id: string;
  readonly endpointConfigName: string;
  readonly variants: readonly DeployedVariant[];
}

export interface DeployedVariant {
  readonly name: string;
  readonly modelName: string;
  /** Share of the traffic, relative to the sum over the variants. */
  readonly weight: number;
  /** As asked for; one process serves them all. */
  readonly instanceCount: number;
  /** As asked for, shown and otherwise without effect. */
  readonly serverlessConfig?: object;
  readonly containers: readonly ContainerSpecification[];
}

/** One container of a model, as CreateModel has it. */
export interface ContainerSpecification {
  readonly image: string;
  /** `s3://bucket/key` of a model.tar.gz; absent for an image that needs no model. */
  readonly modelDataUrl?: string;
  /** ETag of the object when the deployment was first loaded, with its quotes: a restart serves the same bytes or says that it cannot. */
  readonly modelDataETag?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** SingleModel (default) or MultiModel. */
  readonly mode?: string;
}

/** The part of an endpoint's row (`sagemaker/endpoint`) that serving reads. */
export interface ServedEndpoint {
  /** What traffic goes to; absent until the first deployment answered. */
  readonly deployed?: Deployment;
  /** What a control loop is bringing up; traffic may have moved to it already. */
  readonly target?: Deployment;
  /**
   * Of the requests, what `target` answers while it is rolled out: above 0 and up to 1, where `deployed` stays loaded for a way back. Absent as long as
   * `target` is only being loaded.
   */
  readonly targetShare?: number;
}

/** The resource type of an endpoint's row. */
export const ENDPOINT_TYPE = "sagemaker/endpoint";
