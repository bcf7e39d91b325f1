import type { InvocationRequest, InvocationResponse } from "@rondo/images";
import type { ContainerSpecification } from "./deployment.ts";

/** What reaches a container's `POST /invocations`. */
export interface HostRequest extends InvocationRequest {
  readonly customAttributes?: string;
  readonly inferenceId?: string;
}

export interface HostResponse extends InvocationResponse {
  readonly customAttributes?: string;
}

/** A model that answers: an object of this process, or a container behind a socket. */
export interface ModelHost {
  /**
   * Answers at once where it can; a promise costs a turn of the event loop. A failing model is an answer with its status, not an exception;
   * a promise settles within the 60 s that an invocation may take.
   */
  invoke(request: HostRequest): HostResponse | Promise<HostResponse>;
  /** Frees what the host holds. Called once, when nothing is in flight. */
  close(): Promise<void> | void;
}

/** A way to host models. The first of the list that recognises a container's image hosts it. */
export interface ModelHosting {
  recognises(image: string): boolean;
  /**
   * Loads the unpacked model and returns when it has answered its first ping. Throws ServeError `ModelNotLoadable` for what another attempt
   * would not mend.
   */
  start(container: ContainerSpecification, modelDirectory: string, signal: AbortSignal): Promise<ModelHost>;
}
