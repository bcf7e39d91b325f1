import { setTimeout as delay } from "node:timers/promises";
import type { Opinion } from "../data/opinion.ts";
import type { SentimentResponse } from "../inference-service/inference-routes.ts";
import { callService, type LoopServices } from "./service-calls.ts";

/** One request and what came of it. */
export interface Answered {
  /** Milliseconds since the loop began. */
  readonly at: number;
  /** How long the answer took. */
  readonly milliseconds: number;
  /** Empty when the request failed. */
  readonly modelVersion: string;
  readonly isRight: boolean;
  /** Why it failed. */
  readonly failure: string | undefined;
}

export interface TrafficDriver {
  readonly services: LoopServices;
  readonly signal: AbortSignal;
  /** Milliseconds since the loop began. */
  readonly now: () => number;
  readonly onAnswered: (answered: Answered) => void;
}

/** Users at once: feedback waits for the disk, so few of them would leave the processor idle. */
const AT_ONCE = 32;

/** Requests per second while a new version comes up: a quiet endpoint, on which both alarms still have their data. */
const STEADY_PER_SECOND = 40;

async function ask(driver: TrafficDriver, { text, label }: Opinion): Promise<SentimentResponse | undefined> {
  const { services, signal, now, onAnswered } = driver;
  const at = now();
  try {
    const answer = await callService<SentimentResponse>(`${services.inference}/predict-sentiment`, {
      body: { text },
      signal,
    });
    const isRight = answer.label === label;
    onAnswered({ at, milliseconds: now() - at, modelVersion: answer.model_version, isRight, failure: undefined });
    return answer;
  } catch (error) {
    signal.throwIfAborted();
    const failure = error instanceof Error ? error.message : String(error);
    onAnswered({ at, milliseconds: now() - at, modelVersion: "", isRight: false, failure });
    return undefined;
  }
}

/** Asks for each of the texts once; with `areCorrected`, users then say what each text says in truth. Throws when feedback is not taken. */
export async function askOnce(
  driver: TrafficDriver,
  opinions: readonly Opinion[],
  { areCorrected }: { readonly areCorrected: boolean },
): Promise<void> {
  const { services, signal } = driver;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let opinion = opinions[next++]; opinion !== undefined; opinion = opinions[next++]) {
      const answer = await ask(driver, opinion);
      if (answer === undefined || !areCorrected) continue;
      const body = { inference_id: answer.inference_id, text: opinion.text, user_label: opinion.label };
      await callService(`${services.feedback}/submit-feedback`, { body, signal });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Asks for the texts over and over at an even rate until the work is done, and returns its result. Requests do not wait for each other. */
export async function askWhile<Result>(
  driver: TrafficDriver,
  opinions: readonly Opinion[],
  work: Promise<Result>,
): Promise<Result> {
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  // Awaited below; without a handler a failure during the traffic would end the program.
  ended.catch(() => undefined);
  const under = new Set<Promise<unknown>>();
  const start = driver.now();
  for (let sent = 0; !isDone; sent++) {
    const opinion = opinions[sent % opinions.length];
    if (opinion === undefined) break;
    const asked: Promise<unknown> = ask(driver, opinion)
      .catch(() => undefined)
      .finally(() => under.delete(asked));
    under.add(asked);
    const due = start + ((sent + 1) * 1000) / STEADY_PER_SECOND;
    await delay(Math.max(0, due - driver.now()), undefined, { signal: driver.signal });
  }
  await Promise.all(under);
  return ended;
}
