import type { BuiltInImage, LoadedModel } from "@rondo/images";
import type { HostRequest, HostResponse, ModelHost, ModelHosting } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";
import { settleOrAbort } from "./settle-or-abort.ts";

/**
 * Hosts built-in images on the event loop of this process: their `invoke` is synchronous and takes well below a millisecond, so that handing it
 * to a thread would cost more than it does.
 */
export function createInProcessHosting(findImage: (image: string) => BuiltInImage | undefined): ModelHosting {
  return {
    recognises: (image) => findImage(image) !== undefined,
    async start(container, modelDirectory, signal) {
      const image = findImage(container.image);
      if (image === undefined) throw new Error(`${container.image} is not a built-in image`);
      return new InProcessHost(await load(image, modelDirectory, signal));
    },
  };
}

/** Loading itself is the ping: a built-in image that has loaded a model can answer. */
async function load(image: BuiltInImage, modelDirectory: string, signal: AbortSignal): Promise<LoadedModel> {
  const loading = image.load(modelDirectory);
  try {
    return await settleOrAbort(loading, signal);
  } catch (error) {
    // An image cannot be told to stop: what it still loads is closed when it comes.
    if (signal.aborted) loading.then((model) => model.close()).catch(() => undefined);
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServeError("ModelNotLoadable", `${image.repository} could not load the model: ${reason}`, {
      cause: error,
    });
  }
}

class InProcessHost implements ModelHost {
  readonly #model: LoadedModel;

  constructor(model: LoadedModel) {
    this.#model = model;
  }

  /** Custom attributes come back as they were sent: SageMaker leaves it to the container, and built-in images have nothing of their own to say. */
  invoke(request: HostRequest): HostResponse {
    const response = this.#answer(request);
    if (request.customAttributes === undefined) return response;
    return { ...response, customAttributes: request.customAttributes };
  }

  #answer(request: HostRequest): HostResponse {
    try {
      return this.#model.invoke(request);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { status: 500, contentType: "text/plain", body: message };
    }
  }

  close(): void {
    this.#model.close();
  }
}
