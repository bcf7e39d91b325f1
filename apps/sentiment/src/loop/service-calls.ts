import { setTimeout as delay } from "node:timers/promises";

/** Where the services are that the loop talks to, as any client would. */
export interface LoopServices {
  /** `http://127.0.0.1:8000` */
  readonly inference: string;
  readonly feedback: string;
  readonly evaluation: string;
  readonly retraining: string;
}

/** A service that is not there, or answered with an error. */
export class ServiceCallError extends Error {
  override readonly name = "ServiceCallError";
  /** Whether the same call may succeed later: nobody answered, or a service behind it was away (503). */
  readonly isPassing: boolean;

  constructor(message: string, options: { readonly isPassing: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isPassing = options.isPassing;
  }
}

const TIMEOUT_MS = 30_000;
const POLL_MS = 500;
/** How long a service that is asked again and again may be away. */
const PATIENCE_MS = 60_000;

interface CallOptions {
  /** With one it is a POST. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** The JSON that a service answers. Throws ServiceCallError with its reason. */
export async function callService<Answer>(url: string, { body, signal }: CallOptions): Promise<Answer> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  let response: Response;
  try {
    response = await fetch(url, { ...(body !== undefined && post), signal: deadline });
  } catch (error) {
    signal.throwIfAborted();
    throw new ServiceCallError(`${url} does not answer.`, { isPassing: true, cause: error });
  }
  const answer = (await response.json().catch(() => ({}))) as Answer & {
    readonly error?: { readonly message?: string };
  };
  if (response.ok) return answer;
  const message = `${url} answered ${response.status}: ${answer.error?.message ?? response.statusText}`;
  throw new ServiceCallError(message, { isPassing: response.status === 503 });
}

/** Asks again and again until the answer is as wanted, also over a minute in which the service is away; `signal` ends it. */
export async function callUntil<Answer>(
  url: string,
  isWanted: (answer: Answer) => boolean,
  signal: AbortSignal,
): Promise<Answer> {
  let answeredAt = performance.now();
  for (;;) {
    try {
      const answer = await callService<Answer>(url, { signal });
      if (isWanted(answer)) return answer;
      answeredAt = performance.now();
    } catch (error) {
      const isPassing = error instanceof ServiceCallError && error.isPassing;
      if (!isPassing || performance.now() - answeredAt > PATIENCE_MS) throw error;
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
