import { DescribeEndpointConfigCommand } from "@aws-sdk/client-sagemaker";
import type { Endpoint } from "@rondo/sdk";

/** Which model is behind which variant of an endpoint. */
export interface ModelVersions {
  /**
   * Name of the model behind the variant; without a variant, behind the first one. Of a variant that the endpoint's description does not know
   * (yet: it names the old variants until an update has ended), the variant's own name. Throws what AWS answers.
   */
  versionOf(variant: string | undefined): Promise<string>;
}

/** An endpoint changes its model seldom, and describing is limited to a few requests a second at AWS. */
const KEEP_MS = 5_000;
/** An unknown variant asks again, but not at every prediction of a long update. */
const ASK_AGAIN_MS = 1_000;

/**
 * Asks DescribeEndpoint and DescribeEndpointConfig, at most once in five seconds however many predictions wait.
 *
 * The bootstrap names each variant after its model, so that a prediction's own answer (InvokedProductionVariant) tells the version and no update
 * makes it wrong. Where somebody deployed another model under a variant name that was there before ("AllTraffic"), AWS says nothing by which to
 * tell them apart, and for five seconds after the update an answer may carry the version before.
 */
export function createModelVersions(endpoint: Endpoint): ModelVersions {
  const { clock, sagemaker } = endpoint.session;
  let known: { readonly readAt: number; readonly models: Promise<ReadonlyMap<string, string>> } | undefined;

  async function readModels(): Promise<ReadonlyMap<string, string>> {
    const { EndpointConfigName, EndpointStatus: status } = await endpoint.describe();
    if (status === "Creating" || status === "Failed" || status === "Deleting") {
      throw new Error(`it is ${status}.`);
    }
    const config = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
    return new Map(
      (config.ProductionVariants ?? []).map(({ VariantName = "", ModelName = "" }) => [VariantName, ModelName]),
    );
  }

  function models(): Promise<ReadonlyMap<string, string>> {
    const now = clock.now().getTime();
    if (known === undefined || now - known.readAt >= KEEP_MS) {
      const reading = readModels();
      known = { readAt: now, models: reading };
      // A failure is not kept: the next one asks again.
      reading.catch(() => {
        if (known?.models === reading) known = undefined;
      });
    }
    return known.models;
  }

  return {
    async versionOf(variant) {
      let byVariant = await models();
      if (variant !== undefined && !byVariant.has(variant)) {
        // Traffic has moved to a variant that the kept reading does not know.
        if (known !== undefined && clock.now().getTime() - known.readAt >= ASK_AGAIN_MS) known = undefined;
        byVariant = await models();
      }
      const version = variant === undefined ? byVariant.values().next().value : (byVariant.get(variant) ?? variant);
      if (version === undefined) throw new Error("it has no variant.");
      return version;
    },
  };
}
