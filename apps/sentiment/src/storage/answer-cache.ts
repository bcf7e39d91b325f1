import { readJsonDocument, writeJsonDocument } from "./json-document.ts";
import { describeFailure, isOutOfReach } from "./out-of-reach.ts";

/** An answer, and whether it is the last one that is known since who knows it is away. */
export interface CachedAnswer<Value> {
  readonly value: Value;
  readonly stale: boolean;
  /** When it was given. */
  readonly read_at: string;
}

/** The last answers to some questions, kept in one JSON file for the time when nobody answers them. */
export interface AnswerCache<Answers extends object> {
  /** Asks, and keeps the answer; while nobody answers, the last one. Throws what `ask` throws, out of reach only when there is no last one. */
  answer<Name extends keyof Answers & string>(
    name: Name,
    ask: (signal: AbortSignal) => Promise<Answers[Name]>,
  ): Promise<CachedAnswer<Answers[Name]>>;
}

/** So that an answer comes from the cache while a client still waits. */
const DEADLINE_MS = 5_000;

/** @param options.onFault Told when an answer cannot be kept: it is given all the same. */
export function createAnswerCache<Answers extends object>(
  path: string,
  { clock, onFault }: { readonly clock: { now(): Date }; readonly onFault: (error: unknown) => void },
): AnswerCache<Answers> {
  type Kept = { readonly [Name in keyof Answers]?: Omit<CachedAnswer<Answers[Name]>, "stale"> };
  let writing = Promise.resolve();

  async function read(): Promise<Kept> {
    // Written below, by this version or an earlier one with the same members.
    return ((await readJsonDocument(path)) as Kept | undefined) ?? ({} as Kept);
  }

  /** One after the other: of two answers at once both are kept. */
  function keep(part: Kept): Promise<void> {
    const written = writing.then(async () => writeJsonDocument(path, { ...(await read()), ...part }));
    writing = written.catch(() => undefined);
    return written;
  }

  return {
    async answer(name, ask) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      const read_at = clock.now().toISOString();
      try {
        const value = await ask(deadline);
        await keep({ [name]: { value, read_at } } as unknown as Kept).catch(onFault);
        return { value, stale: false, read_at };
      } catch (error) {
        if (!isOutOfReach(error) && !deadline.aborted) throw error;
        const last = (await read())[name];
        if (last === undefined) throw deadline.aborted ? asTimeout(error) : error;
        return { ...last, stale: true };
      }
    },
  };
}

/** A client that was aborted says so, and not that it took too long. */
function asTimeout(error: unknown): Error {
  return Object.assign(
    new Error(`no answer in ${DEADLINE_MS / 1000} s (${describeFailure(error)})`, { cause: error }),
    {
      name: "TimeoutError",
    },
  );
}
