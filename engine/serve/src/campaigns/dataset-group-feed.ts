import { LiveDatasetGroup } from "@rondo/personalize";
import type { DatasetRecords } from "@rondo/store";

export interface DatasetGroupFeedDependencies {
  readonly records: Pick<DatasetRecords, "listAfter" | "listen">;
  /** A reading that failed; the next news or look repeats it. */
  readonly onError: (error: unknown) => void;
}

const PAGE = 5000;
/** How long items are gathered until models see them: each change costs a catalogue. */
const PUBLISH_MS = 500;
/** How often it is looked whether something came whose news was lost. */
const LOOK_MS = 10_000;

/**
 * Keeps a copy of what comes into a dataset group: from a number on, at once what this process puts, by NOTIFY what others do, or at the next look.
 */
export class DatasetGroupFeed implements AsyncDisposable {
  readonly #groupId: number;
  readonly #dependencies: DatasetGroupFeedDependencies;
  readonly #listening: Disposable;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly live = new LiveDatasetGroup();
  /** What came before it is not here. */
  readonly from: number;
  #read: number;
  /** The newest number that was heard of. */
  #heard = 0;
  #reading: Promise<void> | undefined;
  #hasRead = false;
  #isClosed = false;

  /** Begins to listen; `caughtUp` resolves when everything after `from` is here. */
  constructor(groupId: number, from: number, dependencies: DatasetGroupFeedDependencies) {
    this.#groupId = groupId;
    this.#dependencies = dependencies;
    this.from = from;
    this.#read = from;
    this.#listening = dependencies.records.listen((news) => {
      if (news === undefined) this.#look();
      else if (news.groupId !== groupId) return;
      else if ("deletedUser" in news) this.live.forget(news.deletedUser);
      else {
        this.#heard = Math.max(this.#heard, news.newest);
        this.#look();
      }
    });
    this.#timers = [setInterval(() => this.live.publishItems(), PUBLISH_MS), setInterval(() => this.#look(), LOOK_MS)];
    for (const timer of this.#timers) timer.unref();
  }

  /** Whether something is known to have come that is not here yet. */
  get isBehind(): boolean {
    return this.#read < this.#heard;
  }

  /** Resolves when everything is here that was put before the call. Rejects when it cannot be read. */
  async caughtUp(): Promise<void> {
    // What is being read may have begun before the newest was put.
    if (this.#reading !== undefined) await this.#reading.catch(() => undefined);
    if (!this.#hasRead || this.isBehind) await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#listening[Symbol.dispose]();
    await this.#reading?.catch(() => undefined);
  }

  #look(): void {
    this.#start().catch((error: unknown) => this.#dependencies.onError(error));
  }

  /** One reading at a time; news that come meanwhile make it go on. */
  #start(): Promise<void> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const { records } = this.#dependencies;
    let isComplete = false;
    while (!this.#isClosed && (!isComplete || this.isBehind)) {
      // Before the query: what is heard of while it runs may not be in it.
      const heard = this.#heard;
      const page = await records.listAfter({ groupId: this.#groupId, after: this.#read, limit: PAGE });
      for (const record of page) this.live.take(record);
      isComplete = page.length < PAGE;
      // Numbers have gaps: what was heard of may be one that no row has.
      this.#read = Math.max(page.at(-1)?.number ?? this.#read, isComplete ? heard : 0);
    }
    if (!this.#hasRead) this.live.publishItems();
    this.#hasRead = true;
  }
}
