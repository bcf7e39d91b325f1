import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { DeliveryError } from "./delivery-error.ts";
import { type AddressPolicy, checkHost, createGuardedLookup, ForbiddenAddress } from "./subscriber-address.ts";

export interface SubscriberRequest {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** SNS's own limit for one attempt. */
const timeoutMs = 15_000;

/** POSTs once. Redirects are not followed; what the subscriber answers is not read. Throws DeliveryError, or the signal's reason. */
export async function postToSubscriber(
  { endpoint, headers, body }: SubscriberRequest,
  policy: AddressPolicy,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(endpoint);
  try {
    checkHost(url.hostname, policy);
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const status = await new Promise<number>((resolve, reject) => {
      const options = {
        method: "POST",
        agent: false,
        lookup: createGuardedLookup(policy),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
      } as const;
      send(url, options, (response: IncomingMessage) => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end(body);
    });
    if (status >= 200 && status < 300) return;
    throw new DeliveryError(String(status), `The endpoint answered with status ${status}`, isClientError(status));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DeliveryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof ForbiddenAddress) throw new DeliveryError("ForbiddenAddress", reason, true);
    throw new DeliveryError("ConnectionFailure", `The endpoint could not be reached: ${reason}`);
  }
}

/** SNS does not try again what the subscriber refuses, except when it asks for patience. */
function isClientError(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}
