import type { Session } from "@rondo/sdk";
import { createClassifier } from "./classifier.ts";
import { createInferenceService } from "./inference-service.ts";

const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"];

export interface RunningInferenceService extends AsyncDisposable {
  /** `http://127.0.0.1:8000` */
  readonly url: string;
  /** Finishes what runs and stops listening. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly session: Session;
  readonly endpointName: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Starts the inference service. Throws, naming the port and the variable, when the port is taken. */
export async function listenForInference(options: ListenOptions): Promise<RunningInferenceService> {
  const { session, endpointName, host, port } = options;
  const service = createInferenceService({
    classifier: createClassifier(session, endpointName),
    ...(LOOPBACK_HOSTS.includes(host) && { allowedHosts: LOOPBACK_HOSTS }),
  });
  try {
    await service.listen({ host, port });
  } catch (error) {
    await service.close();
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      const advice = "Stop it, or choose another port: --sentiment-port of `rondo start`, PORT of the service alone.";
      throw new Error(`Port ${port} on ${host} is taken by another program. ${advice}`, { cause: error });
    }
    throw error;
  }
  const address = service.server.address();
  const close = async () => service.close();
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${typeof address === "object" && address !== null ? address.port : port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}
