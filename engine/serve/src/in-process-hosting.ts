import type { BuiltInImage, InvocationResponse, LoadedModel } from "@rondo/images";
import type { HostRequest, HostResponse, ModelHost, ModelHosting } from "./model-host.ts";
import { ServeError } from "./serve-error.ts";
import { settleOrAbort } from "./settle-or-abort.ts";

/** Above this a request is answered in slices: at once it would hold the event loop for more than some 5 ms, a batch of 6 MiB for a second. */
const LARGE_BODY_BYTES = 32 * 1024;

/**
 * Hosts built-in images on the event loop of this process: most requests take well below a millisecond, so that handing them to a thread would
 * cost more than they do.
 */
export function createInProcessHosting(findImage: (image: string) => BuiltInImage | undefined): ModelHosting {
  return {
    recognises: (image) => findImage(image) !== undefined,
    async start(container, modelDirectory, signal) {
      const image = findImage(container.image);
      if (image === undefined) throw new Error(`${container.image} is not a built-in image`);
      return new InProcessHost(await load(image, { modelDirectory, environment: container.environment, signal }));
    },
  };
}

interface Loading {
  readonly modelDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Loading itself is the ping: a built-in image that has loaded a model can answer. */
async function load(image: BuiltInImage, { modelDirectory, environment, signal }: Loading): Promise<LoadedModel> {
  const loading = image.load(modelDirectory, environment);
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

  invoke(request: HostRequest): HostResponse | Promise<HostResponse> {
    try {
      if (request.body.length <= LARGE_BODY_BYTES && this.#model.isSlow !== true) {
        return withAttributes(request, this.#model.invoke(request));
      }
      const answer = this.#model.invokeInSlices(request).catch(refusal);
      return answer.then((response) => withAttributes(request, response));
    } catch (error) {
      return withAttributes(request, refusal(error));
    }
  }

  close(): void {
    this.#model.close();
  }
}

/** SageMaker leaves custom attributes to the container; built-in images have nothing of their own to say, so they come back as they were sent. */
function withAttributes({ customAttributes }: HostRequest, response: InvocationResponse): HostResponse {
  return customAttributes === undefined ? response : { ...response, customAttributes };
}

function refusal(error: unknown): InvocationResponse {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, contentType: "text/plain", body: message };
}
