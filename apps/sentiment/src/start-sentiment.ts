import { Session, type SessionOptions } from "@rondo/sdk";
import { type BootstrapOutcome, bootstrapSentiment } from "./bootstrap/bootstrap.ts";
import type { OnProgress } from "./bootstrap/progress.ts";
import { listenForInference } from "./inference-service/listen.ts";

export interface SentimentOptions {
  /** Endpoint, region and credentials of the AWS APIs; what is left out comes from the standard variables. */
  readonly clientConfig?: SessionOptions;
  /** Default `sentiment`. */
  readonly endpointName?: string;
  /** Name or ARN of the execution role. Default `SageMakerExecutionRole`. */
  readonly role?: string;
  /** Where the inference service listens. Default 127.0.0.1. */
  readonly host?: string;
  /** Default 8000; 0 takes a free port. */
  readonly port?: number;
  readonly onProgress?: OnProgress;
  /** Ends a bootstrap that is under way; the next start goes on where it was. */
  readonly signal?: AbortSignal;
}

/** The running application. */
export interface Sentiment extends BootstrapOutcome, AsyncDisposable {
  /** Of the inference service: `http://127.0.0.1:8000`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the application: the inference service at once, so that its port is known to be free before minutes are spent, then whatever the
 * bootstrap still has to do. Resolves when predictions are answered.
 *
 * @example
 * ```ts
 * import { startSentiment } from "@rondo/sentiment";
 * await using sentiment = await startSentiment({ clientConfig: { endpoint: "http://127.0.0.1:4700" }, port: 0 });
 * console.log(sentiment.url, sentiment.report?.accuracy);
 * ```
 */
export async function startSentiment(options: SentimentOptions = {}): Promise<Sentiment> {
  const session = new Session(options.clientConfig);
  const endpointName = options.endpointName ?? "sentiment";
  const host = options.host ?? "127.0.0.1";
  const service = await listenForInference({ session, endpointName, host, port: options.port ?? 8000 });
  const close = async () => {
    await service.close();
    session.close();
  };
  try {
    const outcome = await bootstrapSentiment({
      session,
      endpointName,
      role: options.role ?? "SageMakerExecutionRole",
      onProgress: options.onProgress ?? (() => undefined),
      ...(options.signal !== undefined && { signal: options.signal }),
    });
    return { ...outcome, url: service.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
