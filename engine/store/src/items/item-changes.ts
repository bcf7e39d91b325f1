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

interface Entry {
  readonly chain: Chain;
  /** What of the chain goes with this group. */
  readonly waiting: readonly Waiting[];
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
  const runInGroup = createGroupWork<Entry, readonly Settled[]>({
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

/**
 * Decides and writes in rounds: what others changed meanwhile is decided anew. Never throws: changes of an earlier round are durable when a later
 * one fails, so each chain is told its own outcome.
 */
async function runGroup(sql: Sql, group: readonly Entry[]): Promise<(readonly Settled[])[]> {
  const results = new Map<Entry, readonly Settled[]>();
  let open = group;
  for (let attempt = 0; open.length > 0; attempt++) {
    try {
      if (attempt === MAX_ATTEMPTS) throw new Error(`Items were changed by others ${MAX_ATTEMPTS} times in a row.`);
      const settled = await runRound(sql, open);
      for (const [entry, outcome] of settled) results.set(entry, outcome);
      open = open.filter((entry) => !settled.has(entry));
    } catch (error) {
      const isAlone = open.length === 1 || !isRefusedStatement(error);
      for (const entry of open) {
        const alone = isAlone ? undefined : await runGroup(sql, [entry]);
        results.set(entry, alone?.[0] ?? refuse(entry, error));
      }
      break;
    }
  }
  return group.map((entry) => results.get(entry) ?? []);
}

/** One reading and one writing statement. What is missing in the answer was changed by others meanwhile. */
async function runRound(sql: Sql, open: readonly Entry[]): Promise<Map<Entry, readonly Settled[]>> {
  const unread = open.filter(({ waiting }) => !isBlind(waiting));
  const refs = unread.map(({ chain }) => chain);
  const found = unread.length === 0 ? [] : await findItems(sql, refs);
  const rows = new Map(unread.map((entry, index) => [entry, found[index]]));
  const settled = new Map<Entry, readonly Settled[]>();
  const writing: { readonly entry: Entry; readonly write: ItemWrite; readonly settled: readonly Settled[] }[] = [];
  for (const entry of open) {
    const row = isBlind(entry.waiting) ? "unread" : rows.get(entry);
    if (row === "stale") {
      settled.set(entry, refuse(entry, staleTable(entry.chain)));
      continue;
    }
    const decided = decide(entry, row);
    if (decided.write === undefined) settled.set(entry, decided.settled);
    else writing.push({ entry, write: decided.write, settled: decided.settled });
  }
  const writes = writing.map(({ write }) => write);
  const outcomes = writes.length === 0 ? [] : await writeItems(sql, writes);
  for (const [index, { entry, settled: decided }] of writing.entries()) {
    if (outcomes[index] === "done") settled.set(entry, decided);
    if (outcomes[index] === "stale") settled.set(entry, refuse(entry, staleTable(entry.chain)));
  }
  return settled;
}

/**
 * Whether the database refused a statement, so that nothing of it was written and one bad item need not fail the others. When the connection broke
 * or the server went down (SQLSTATE classes 08 and 57), nobody knows what was committed: doing it again could count twice.
 */
function isRefusedStatement(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(?!08|57)[0-9A-Z]{5}$/.test(String(error.code));
}

function isBlind(waiting: readonly Waiting[]): boolean {
  return waiting.every(({ change }) => "content" in change && change.table.entriesOf === undefined);
}

function refuse({ waiting }: Entry, error: unknown): readonly Settled[] {
  return waiting.map(() => ({ error }));
}

function decide({ chain, waiting }: Entry, row: ItemRow | undefined | "unread"): DecidedChain {
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
