import { createGroupWork } from "../objects/group-work.ts";
import type { Sql } from "../sql.ts";
import { findItems, type ItemRow, staleTable } from "./item-rows.ts";
import { type ItemWrite, writeItems } from "./item-writes.ts";
import type { ItemContent, ItemPut, ItemRef, Items, ItemUpdate } from "./items.ts";

/** Items of one commit; beyond some hundred a commit is no cheaper per item. */
const GROUP_ITEMS = 256;

/** Bytes of their new contents, as far as they are known before. */
const GROUP_BYTES = 4 << 20;

/** How often a change is decided anew because writes of other processes came first. */
const MAX_ATTEMPTS = 50;

type Change = ItemPut | ItemUpdate<unknown>;

interface Waiting {
  readonly change: Change;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The changes of one item that follow one another in one commit. */
interface Chain extends ItemRef {
  readonly name: string;
  /** Taken when the group begins; what comes later forms the next chain. */
  waiting: Waiting[];
}

type Settled = { readonly result: unknown } | { readonly error: unknown };

/** What a chain makes of its item: the write, if any, and what each change is told once that is durable. */
interface DecidedChain {
  readonly write: ItemWrite | undefined;
  readonly settled: readonly Settled[];
}

/**
 * Concurrent changes share a commit: read all, decide, write all where nothing changed meanwhile. Changes of one item are decided one after
 * the other in memory, so a counter costs one commit for all who wait for it.
 */
export function createItemChanges({ sql }: { readonly sql: Sql }): Pick<Items, "put" | "update"> {
  const chains = new Map<string, Chain>();
  const runInGroup = createGroupWork<{ chain: Chain; waiting: readonly Waiting[] }, readonly Settled[]>({
    // One at a time: a second transaction on its way makes groups smaller and nothing faster.
    concurrency: 1,
    maxItems: GROUP_ITEMS,
    nameOf: ({ chain }) => chain.name,
    weightOf: ({ waiting }) =>
      Math.max(...waiting.map(({ change }) => ("content" in change ? change.content.size : 0))),
    maxWeight: GROUP_BYTES,
    run: (group) => runGroup(sql, group),
  });

  const start = (chain: Chain): void => {
    const waiting = chain.waiting;
    chain.waiting = [];
    runInGroup({ chain, waiting })
      .then(
        (settled) => {
          for (const [place, { resolve, reject }] of waiting.entries()) {
            const outcome = settled[place] as Settled;
            if ("error" in outcome) reject(outcome.error);
            else resolve(outcome.result);
          }
        },
        (error) => {
          for (const { reject } of waiting) reject(error);
        },
      )
      .finally(() => {
        if (chain.waiting.length > 0) start(chain);
        else chains.delete(chain.name);
      });
  };

  const enqueue = (change: Change): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { table, key } = change;
      const name = `${table.id}/${table.version}/${key.toString("latin1")}`;
      const running = chains.get(name);
      if (running !== undefined) {
        running.waiting.push({ change, resolve, reject });
        return;
      }
      const chain: Chain = { name, table, key, waiting: [{ change, resolve, reject }] };
      chains.set(name, chain);
      start(chain);
    });

  return {
    put: async (put) => void (await enqueue(put)),
    update: <Result>(update: ItemUpdate<Result>) => enqueue(update) as Promise<Result>,
  };
}

/** All or nothing of each round; what others changed meanwhile is decided anew. */
async function runGroup(
  sql: Sql,
  group: readonly { chain: Chain; waiting: readonly Waiting[] }[],
): Promise<(readonly Settled[])[]> {
  const results = group.map((): readonly Settled[] => []);
  let open = group.map((entry, place) => ({ ...entry, place }));
  for (let attempt = 0; open.length > 0; attempt++) {
    if (attempt === MAX_ATTEMPTS) throw new Error(`Items were changed by others ${MAX_ATTEMPTS} times in a row.`);
    const unread = open.filter(({ waiting }) => !isBlind(waiting));
    const found =
      unread.length === 0
        ? []
        : await findItems(
            sql,
            unread.map(({ chain }) => chain),
          );
    const rows = new Map(unread.map((entry, index) => [entry, found[index]]));
    const decided = open.map((entry) => {
      const row = isBlind(entry.waiting) ? "unread" : rows.get(entry);
      return { ...entry, ...(row === "stale" ? refuseStale(entry) : decide(entry, row)) };
    });
    const writing = decided.filter(({ write }) => write !== undefined);
    const outcomes =
      writing.length === 0
        ? []
        : await writeItems(
            sql,
            writing.map(({ write }) => write as ItemWrite),
          );
    const again = new Set<number>();
    for (const [index, entry] of writing.entries()) {
      if (outcomes[index] === "conflict") again.add(entry.place);
      else if (outcomes[index] === "stale") results[entry.place] = refuseStale(entry).settled;
    }
    const stale = new Set(writing.filter((_, index) => outcomes[index] === "stale").map(({ place }) => place));
    for (const { place, settled } of decided) if (!again.has(place) && !stale.has(place)) results[place] = settled;
    open = open.filter(({ place }) => again.has(place));
  }
  return results;
}

function isBlind(waiting: readonly Waiting[]): boolean {
  return waiting.every(({ change }) => "content" in change && change.table.entriesOf === undefined);
}

function refuseStale({ chain, waiting }: { chain: Chain; waiting: readonly Waiting[] }): DecidedChain {
  return { write: undefined, settled: waiting.map(() => ({ error: staleTable(chain) })) };
}

function decide(
  { chain, waiting }: { readonly chain: Chain; readonly waiting: readonly Waiting[] },
  row: ItemRow | undefined | "unread",
): DecidedChain {
  let current: ItemContent | undefined = row === "unread" ? undefined : row;
  let isChanged = false;
  const settled = waiting.map(({ change }): Settled => {
    try {
      const { next, result } =
        "content" in change ? { next: change.content, result: undefined } : change.decide(current?.value);
      if (next !== "unchanged") {
        isChanged = true;
        current = next === "delete" ? undefined : next;
      }
      return { result };
    } catch (error) {
      return { error };
    }
  });
  const isNothing = !isChanged || (row === undefined && current === undefined);
  const { table, key } = chain;
  return { write: isNothing ? undefined : { table, key, before: row, after: current }, settled };
}
