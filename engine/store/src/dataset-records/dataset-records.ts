/** A record that PutEvents, PutItems, PutUsers, PutActions or PutActionInteractions brings. */
export interface NewDatasetRecord {
  /** `Interactions`, `Items`, `Users`, `Actions` or `Action_Interactions`. */
  readonly dataset: string;
  /** Whose the record is: what the deletion of a user deletes. Items and Actions have none, nor have events before a login. */
  readonly userId?: string;
  /** Of an event: without a userId it belongs to the next user who is seen in its session. */
  readonly sessionId?: string;
  /** Of an event that its sender named: a later one of the same id is not stored. */
  readonly eventId?: string;
  /** Values by the columns of the dataset's schema: `{ "ITEM_ID": "b", "EVENT_TYPE": "click", "TIMESTAMP": 1700000000 }`, without USER_ID. */
  readonly content: DatasetRecordContent;
}

export type DatasetRecordContent = Readonly<Record<string, string | number | boolean | null>>;

export interface DatasetRecord extends NewDatasetRecord {
  /** From 1, ascending in the order of the commits, not without gaps. */
  readonly number: number;
  /** As it stands when it is read: of an event from before a login the user who logged in since, until then the sessionId. */
  readonly userId?: string;
}

/** Which records to read, oldest first: those of a dataset group with a number above `after` (0 = from the first). */
export interface DatasetRecordQuery {
  readonly groupId: number;
  readonly after: number;
  readonly limit: number;
  /** Default: all. */
  readonly datasets?: readonly string[];
}

/** What listeners hear: new records up to a number, or that a user's records are gone. */
export type DatasetRecordNews =
  | { readonly groupId: number; readonly newest: number }
  | { readonly groupId: number; readonly deletedUser: string };

/** The records that came one by one into the dataset groups of Personalize. A group is named by its resource's row id. */
export interface DatasetRecords {
  /** Resolves with the newest number of the group when the records are on disk. Throws StoreError NoSuchDatasetGroup. */
  put(groupId: number, records: readonly NewDatasetRecord[]): Promise<number>;
  /** What has come after a number. Nothing that is committed later gets a number at or below one that was read. */
  listAfter(query: DatasetRecordQuery): Promise<DatasetRecord[]>;
  /** The number of the newest record; 0 when there was none. */
  newest(groupId: number): Promise<number>;
  /** A user's records, also those of his sessions from before he logged in. */
  listOfUser(query: DatasetRecordQuery & { readonly userId: string }): Promise<DatasetRecord[]>;
  /** How many records each dataset has. */
  count(groupId: number): Promise<Readonly<Record<string, number>>>;
  /** Deletes up to `limit` records of a user and of his sessions; how many went: fewer than `limit` when none are left. */
  deleteUser(query: { readonly groupId: number; readonly userId: string; readonly limit: number }): Promise<number>;
  /** Deletes up to `limit` records of a dataset; how many went. */
  deleteDataset(query: { readonly groupId: number; readonly dataset: string; readonly limit: number }): Promise<number>;
  /** Hears what is committed, here and by other Rondos of the database; undefined when some of theirs may have been missed. */
  listen(listener: (news: DatasetRecordNews | undefined) => void): Disposable;
}
