import type { ContainerSpecification, DeployedVariant, Deployment, EndpointRef } from "./deployment.ts";
import type { ModelCache } from "./model-cache.ts";
import type { ModelHost, ModelHosting } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";

export interface LoadContext {
  readonly cache: ModelCache;
  readonly hostings: readonly ModelHosting[];
  readonly signal: AbortSignal;
}

export interface LoadedHost {
  readonly host: ModelHost;
  /** Frees the model's directory. */
  readonly release: () => void;
}

/**
 * Brings up one host per variant, or none: when one cannot be loaded the others are closed again. Returns the deployment with the ETags of
 * what was loaded.
 */
export async function loadHosts(
  endpoint: EndpointRef,
  deployment: Deployment,
  context: LoadContext,
): Promise<{ readonly deployment: Deployment; readonly hosts: readonly LoadedHost[] }> {
  const hosts: LoadedHost[] = [];
  const variants: DeployedVariant[] = [];
  try {
    for (const variant of deployment.variants) {
      const container = onlyContainer(variant);
      const loaded = await loadHost(endpoint, container, context);
      hosts.push(loaded);
      variants.push({ ...variant, containers: [{ ...container, modelDataETag: loaded.etag }] });
    }
    return { deployment: { ...deployment, variants }, hosts };
  } catch (error) {
    for (const { host, release } of hosts) {
      await host.close();
      release();
    }
    throw error;
  }
}

async function loadHost(
  endpoint: EndpointRef,
  container: ContainerSpecification,
  { cache, hostings, signal }: LoadContext,
): Promise<LoadedHost & { readonly etag?: string }> {
  const hosting = hostings.find(({ recognises }) => recognises(container.image));
  if (hosting === undefined) {
    throw new ServeError(
      "ModelNotLoadable",
      `The image ${container.image} is not one of the built-in images, and other containers cannot be served here.`,
    );
  }
  const model = await cache.acquire(
    { accountId: endpoint.accountId, url: container.modelDataUrl, etag: container.modelDataETag },
    signal,
  );
  try {
    return { host: await hosting.start(container, model.directory, signal), release: model.release, etag: model.etag };
  } catch (error) {
    model.release();
    throw error;
  }
}

function onlyContainer(variant: DeployedVariant): ContainerSpecification {
  const [container, ...others] = variant.containers;
  if (container === undefined || others.length > 0) {
    throw new ServeError(
      "ModelNotLoadable",
      `The model ${variant.modelName} of variant ${variant.name} has ${variant.containers.length} containers; inference pipelines cannot be served here.`,
    );
  }
  if (container.mode === "MultiModel") {
    throw new ServeError(
      "ModelNotLoadable",
      `The model ${variant.modelName} of variant ${variant.name} is in mode MultiModel, which cannot be served here.`,
    );
  }
  return container;
}
