import type { Owner } from "../resources.ts";

/** What of a table a statement relies on. A table that has another version by now throws StoreError "StaleTable": read its definition again. */
export interface ItemTable {
  /** Of the table's row in the resource table. */
  readonly id: number;
  /** Tells this state of the row from every other one: `itemTableVersion(row)`. */
  readonly version: number;
  /** The entries of an item in the table's indexes; absent when it has none. */
  readonly entriesOf?: (value: string) => readonly ItemIndexEntry[];
}

/** Where an item stands in an index: among the keys of the index, by bytes. */
export interface ItemIndexEntry {
  /** Greater than 0, which is the table itself. */
  readonly indexId: number;
  readonly key: Buffer;
  /** Bytes that the index holds of the item. */
  readonly size: number;
}

export interface ItemContent {
  /** JSON text. */
  readonly value: string;
  /** Bytes by the API's rules. */
  readonly size: number;
}

/** Replaces an item whatever is there; without reading it, unless it may have index entries. */
export interface ItemPut {
  readonly table: ItemTable;
  readonly key: Buffer;
  readonly content: ItemContent;
}

/** What becomes of an item: another content, nothing any more (`delete`), or what it is. */
export interface ItemDecision<Result> {
  readonly next: ItemContent | "delete" | "unchanged";
  readonly result: Result;
}

/** A change that looks at the item first. */
export interface ItemUpdate<Result> {
  readonly table: ItemTable;
  readonly key: Buffer;
  /** Called with the item's value, and again when another write came first, so it must have no effects. What it throws refuses the change. */
  readonly decide: (current: string | undefined) => ItemDecision<Result>;
}

export interface ItemRef {
  readonly table: ItemTable;
  readonly key: Buffer;
}

/** Rows of a table or of one of its indexes between two keys, in the order of the keys. */
export interface ItemPageQuery {
  readonly table: ItemTable;
  /** Absent: the table itself. */
  readonly indexId?: number;
  /** Inclusive. Of an index, `itemKey` begins in the middle of the entries of one key. */
  readonly from: ItemPosition;
  /** Exclusive. */
  readonly to: ItemPosition;
  readonly direction: "forward" | "backward";
  readonly limit: number;
  /** The page ends with the item that reaches it. */
  readonly maxBytes: number;
}

export interface ItemPosition {
  readonly key: Buffer;
  readonly itemKey?: Buffer;
}

export interface PagedItem extends ItemContent {
  /** Of the table or of the index. */
  readonly key: Buffer;
  readonly itemKey: Buffer;
}

/** Names a transaction for ten minutes, so that its repetition does nothing. */
export interface TransactionToken extends Owner {
  readonly token: string;
  /** A digest of what is asked for: the same token for something else throws StoreError "IdempotentParameterMismatch". */
  readonly request: Buffer;
}

export interface TransactionOptions<Result> {
  readonly token?: TransactionToken | undefined;
  /** Called with all results before anything is written; what it throws refuses the whole transaction. */
  readonly check?: (results: readonly Result[]) => void;
}

/** The refusals of a transaction, one place per change; undefined where nothing was wrong. */
export class TransactionRefused extends Error {
  readonly reasons: readonly unknown[];

  constructor(reasons: readonly unknown[]) {
    super("A transaction was refused");
    this.name = "TransactionRefused";
    this.reasons = reasons;
  }
}

export interface ItemCount {
  readonly items: number;
  readonly bytes: number;
}

/** Items with their index entries. What resolves is durable. Every refusal of a table's version is StoreError "StaleTable". */
export interface Items {
  /** The JSON text of an item. Concurrent lookups share a statement. */
  find(item: ItemRef): Promise<string | undefined>;
  /** Several items as they were at one moment, in the order of `items`. */
  findTogether(items: readonly ItemRef[]): Promise<(string | undefined)[]>;
  /** Concurrent puts and updates share a commit; those of one item follow one another. */
  put(put: ItemPut): Promise<void>;
  update<Result>(update: ItemUpdate<Result>): Promise<Result>;
  /**
   * All or nothing; every item at most once. Throws TransactionRefused with what the updates threw. Undefined when the token was committed
   * before.
   */
  updateTogether<Result>(
    updates: readonly ItemUpdate<Result>[],
    options?: TransactionOptions<Result>,
  ): Promise<Result[] | undefined>;
  page(query: ItemPageQuery): Promise<PagedItem[]>;
  /** Of the table (0) and its indexes, by id. */
  countItems(tableId: number): Promise<ReadonlyMap<number, ItemCount>>;
  /** Gives the items after `after` their entries in these indexes; returns the last key of the page, or undefined when there were none. */
  fillIndexes(fill: {
    readonly table: ItemTable;
    readonly indexIds: readonly number[];
    readonly after: Buffer | undefined;
  }): Promise<Buffer | undefined>;
  /** Deletes some of an index's entries; false when none is left. */
  deleteEntries(tableId: number, indexId: number): Promise<boolean>;
  /** Deletes some of a table's items and entries; false when none is left. */
  deleteItems(tableId: number): Promise<boolean>;
  /** Adds up the differences that writes left behind. */
  foldCounts(tableId: number): Promise<void>;
  /** Forgets the tokens of transactions that are older than ten minutes. */
  forgetTransactions(): Promise<void>;
}
