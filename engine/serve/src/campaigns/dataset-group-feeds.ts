import type { Resources } from "@rondo/store";
import { CampaignError } from "./campaign-error.ts";
import { DatasetGroupFeed, type DatasetGroupFeedDependencies } from "./dataset-group-feed.ts";
import { rowOfArn } from "./served-campaign.ts";

/** A feed that somebody uses. */
export interface HeldFeed extends Disposable {
  readonly feed: DatasetGroupFeed;
}

interface Entry {
  readonly feed: DatasetGroupFeed;
  users: number;
}

export interface DatasetGroupFeedsDependencies extends DatasetGroupFeedDependencies {
  readonly resources: Pick<Resources, "find">;
}

/** The feeds of the dataset groups that campaigns answer from; one for each, as long as one of them is in memory. */
export class DatasetGroupFeeds implements AsyncDisposable {
  readonly #dependencies: DatasetGroupFeedsDependencies;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new Set<Promise<void>>();

  constructor(dependencies: DatasetGroupFeedsDependencies) {
    this.#dependencies = dependencies;
  }

  /** The feed of a group, if it is in memory and has everything after a number. */
  peek(datasetGroupArn: string, after: number): HeldFeed | undefined {
    const entry = this.#entries.get(datasetGroupArn);
    return entry !== undefined && entry.feed.from <= after ? this.#hold(datasetGroupArn, entry) : undefined;
  }

  /** The feed with everything after a number that was put before the call. Throws CampaignError NotFound for a group that is gone. */
  async open(datasetGroupArn: string, after: number): Promise<HeldFeed> {
    const known = this.peek(datasetGroupArn, after) ?? (await this.#begin(datasetGroupArn, after));
    try {
      await known.feed.caughtUp();
    } catch (error) {
      known[Symbol.dispose]();
      throw error;
    }
    return known;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { feed } of this.#entries.values()) this.#close(feed);
    this.#entries.clear();
    await Promise.all(this.#closing);
  }

  async #begin(datasetGroupArn: string, after: number): Promise<HeldFeed> {
    const ref = rowOfArn(datasetGroupArn);
    const group = ref && (await this.#dependencies.resources.find(ref.owner, ref.type, ref.name));
    if (group === undefined) throw new CampaignError("NotFound", `Resource Arn ${datasetGroupArn} does not exist.`);
    // Somebody else may have begun meanwhile. A feed that begins too late stays with those who use it.
    const known = this.peek(datasetGroupArn, after);
    if (known !== undefined) return known;
    const entry = { feed: new DatasetGroupFeed(group.id, after, this.#dependencies), users: 0 };
    this.#entries.set(datasetGroupArn, entry);
    return this.#hold(datasetGroupArn, entry);
  }

  #hold(datasetGroupArn: string, entry: Entry): HeldFeed {
    entry.users += 1;
    let isHeld = true;
    return {
      feed: entry.feed,
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        entry.users -= 1;
        if (entry.users > 0) return;
        if (this.#entries.get(datasetGroupArn) === entry) this.#entries.delete(datasetGroupArn);
        this.#close(entry.feed);
      },
    };
  }

  #close(feed: DatasetGroupFeed): void {
    const work = feed[Symbol.asyncDispose]().finally(() => this.#closing.delete(work));
    this.#closing.add(work);
  }
}
