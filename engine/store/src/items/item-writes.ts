import type { SqlConnection } from "../sql.ts";
import type { ItemRow } from "./item-rows.ts";
import { compareRefs } from "./item-rows.ts";
import type { ItemContent, ItemIndexEntry, ItemRef } from "./items.ts";

/** An item to be written, deleted or, with `before` "unread", replaced whatever is there. */
export interface ItemWrite extends ItemRef {
  readonly before: ItemRow | undefined | "unread";
  readonly after: ItemContent | undefined;
}

/** `conflict`: another write came first; `stale`: the table has another version. */
export type WriteOutcome = "done" | "conflict" | "stale";

/** One statement for all writes, in the order of their keys, so that two groups cannot wait for each other. No key may occur twice. */
export async function writeItems(connection: SqlConnection, writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
  const bytes: Buffer[] = [];
  let at = 0;
  const changes = writes
    .map((write, place) => ({ write, place }))
    .sort((a, b) => compareRefs(a.write, b.write))
    .map(({ write, place }) => {
      const value = Buffer.from(write.after?.value ?? "", "utf8");
      const change = {
        place,
        table_id: write.table.id,
        version: write.table.version,
        key_at: at,
        key_length: write.key.byteLength,
        value_length: value.byteLength,
        size: write.after?.size,
        ...describeBefore(write),
        ...describeEntries(write),
      };
      bytes.push(write.key, value);
      at += write.key.byteLength + value.byteLength;
      return change;
    });
  const rows = await connection.query<{ place: number; outcome: WriteOutcome }>(
    "select place, outcome from write_items($1, $2)",
    [Buffer.concat(bytes), JSON.stringify(changes)],
    { name: "write-items" },
  );
  const outcomes = writes.map((): WriteOutcome => "conflict");
  for (const { place, outcome } of rows) outcomes[place] = outcome;
  return outcomes;
}

function describeBefore({ before, after }: ItemWrite): object {
  if (before === "unread") return { operation: "put" };
  if (before === undefined) return { operation: "insert" };
  const operation = after === undefined ? "delete" : "update";
  return { operation, stamp: before.stamp, size_before: before.size };
}

/** What leaves the indexes and what enters them; an entry that only changed its size does both. */
function describeEntries({ table, before, after }: ItemWrite): object {
  if (table.entriesOf === undefined) return {};
  if (before === "unread") throw new Error("An item of a table with indexes is read before it is replaced.");
  const removed = new Map((before && table.entriesOf(before.value))?.map((entry) => [nameOf(entry), entry]));
  const added = new Map((after && table.entriesOf(after.value))?.map((entry) => [nameOf(entry), entry]));
  for (const name of removed.keys()) {
    if (!added.has(name)) continue;
    added.delete(name);
    removed.delete(name);
  }
  return { removed: describeAll(removed.values()), added: describeAll(added.values()) };
}

function nameOf({ indexId, key, size }: ItemIndexEntry): string {
  return `${indexId}/${size}/${key.toString("latin1")}`;
}

function describeAll(entries: Iterable<ItemIndexEntry>): object[] | undefined {
  const described = Array.from(entries, ({ indexId, key, size }) => ({
    index_id: indexId,
    key: key.toString("hex"),
    size,
  }));
  return described.length === 0 ? undefined : described;
}
