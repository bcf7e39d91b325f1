import { FILTERED_EVENTS } from "./filtered-user.ts";
import type { LiveEvent, LiveRecords } from "./recommender.ts";

/** A record that came by PutEvents, PutItems, PutUsers, PutActions or PutActionInteractions. */
export interface LiveRecord {
  /** In the order of the commits. */
  readonly number: number;
  readonly dataset: string;
  /** Of an event before a login: who logged in since, as far as that is known. */
  readonly userId?: string;
  readonly sessionId?: string;
  /** Values by the columns of the dataset's schema. */
  readonly content: LiveContent;
}

type LiveContent = Readonly<Record<string, string | number | boolean | null>>;

/** All events in memory for a dataset group: about 200 bytes each, 400 MB. Beyond it those are dropped whose newest event is oldest. */
const MOST_EVENTS = 2_000_000;
/** Items, and users, whose records are in memory: the first to come are the first to be dropped. */
const MOST_RECORDS = 1_000_000;

const NO_EVENTS: readonly LiveEvent[] = [];

type Values = Readonly<Record<string, string | number>>;

/**
 * What came into a dataset group one by one, in memory: a copy of rows, bounded, for models to answer with. Events without a user stand under their
 * session, until its user is known.
 */
export class LiveDatasetGroup {
  readonly #mostEvents: number;
  readonly #mostRecords: number;
  readonly #users = new Map<string, Values>();
  readonly #items: LiveEntities;
  readonly #actions: LiveEntities;

  constructor({ mostEvents = MOST_EVENTS, mostRecords = MOST_RECORDS } = {}) {
    this.#mostEvents = mostEvents;
    this.#mostRecords = mostRecords;
    this.#items = new LiveEntities("ITEM_ID");
    this.#actions = new LiveEntities("ACTION_ID");
  }

  /** As models over items see it. */
  get ofItems(): LiveRecords {
    return this.#items.view(this.#users);
  }

  /** As models over actions see it. */
  get ofActions(): LiveRecords {
    return this.#actions.view(this.#users);
  }

  get events(): number {
    return this.#items.events + this.#actions.events;
  }

  /** Takes a record; those of a group have to come in the order of their numbers. */
  take(record: LiveRecord): void {
    const { dataset, userId, content } = record;
    switch (dataset) {
      case "Interactions":
        return this.#items.takeEvent(record, this.#mostEvents);
      case "Action_Interactions":
        return this.#actions.takeEvent(record, this.#mostEvents);
      case "Items":
        return this.#items.takeRecord(content, this.#mostRecords);
      case "Actions":
        return this.#actions.takeRecord(content, this.#mostRecords);
      case "Users":
        if (userId !== undefined) keepNewest(this.#users, userId, valuesOf(content), this.#mostRecords);
        return;
    }
  }

  /** Tells models of items that came since the last call: so that many of them make one change. */
  publishItems(): void {
    this.#items.publish();
    this.#actions.publish();
  }

  /** After a user's data were erased. */
  forget(userId: string): void {
    this.#users.delete(userId);
    this.#items.forget(userId);
    this.#actions.forget(userId);
  }
}

/** Items with their events, or actions with theirs. */
class LiveEntities {
  readonly #idColumn: string;
  readonly #events = new Map<string, LiveEvent[]>();
  readonly #records = new Map<string, Values>();
  #published: readonly string[] = [];
  #version = 0;
  #isPublished = true;
  events = 0;

  constructor(idColumn: string) {
    this.#idColumn = idColumn;
  }

  view(users: ReadonlyMap<string, Values>): LiveRecords {
    // A getter in a literal has its own `this`.
    const published = (): readonly string[] => this.#published;
    const version = (): number => this.#version;
    return {
      eventsOf: (userId) => this.#events.get(userId) ?? NO_EVENTS,
      item: (itemId) => this.#records.get(itemId),
      user: (userId) => users.get(userId),
      get changedItems() {
        return published();
      },
      get itemsVersion() {
        return version();
      },
    };
  }

  takeEvent({ number, userId, sessionId, content }: LiveRecord, most: number): void {
    const owner = userId ?? sessionId;
    if (owner === undefined) return;
    const before = this.#events.get(owner) ?? [];
    // Who is known now has done what his session did.
    const ofSession = sessionId === undefined || sessionId === owner ? undefined : this.#events.get(sessionId);
    if (ofSession !== undefined) {
      this.#events.delete(sessionId as string);
      before.push(...ofSession);
      before.sort((one, other) => one.number - other.number);
    }
    before.push(eventOf(number, content, this.#idColumn));
    this.events += 1 - dropOldest(before);
    // The newest user stands last.
    this.#events.delete(owner);
    this.#events.set(owner, before);
    for (const [oldest, events] of this.#events) {
      if (this.events <= most || oldest === owner) break;
      this.#events.delete(oldest);
      this.events -= events.length;
    }
  }

  takeRecord(content: LiveContent, most: number): void {
    const itemId = content[this.#idColumn];
    if (typeof itemId !== "string") return;
    keepNewest(this.#records, itemId, valuesOf(content), most);
    this.#isPublished = false;
  }

  publish(): void {
    if (this.#isPublished) return;
    this.#isPublished = true;
    this.#published = [...this.#records.keys()];
    this.#version += 1;
  }

  forget(userId: string): void {
    this.events -= this.#events.get(userId)?.length ?? 0;
    this.#events.delete(userId);
  }
}

/** Keeps the newest events of the type that came last; returns how many were dropped. */
function dropOldest(events: LiveEvent[]): number {
  const type = events.at(-1)?.eventType;
  const first = events.findIndex(({ eventType }) => eventType === type);
  let count = 0;
  for (const { eventType } of events) if (eventType === type) count += 1;
  if (count <= FILTERED_EVENTS) return 0;
  events.splice(first, 1);
  return 1;
}

/** In the order of the first coming; without the oldest where there are too many. */
function keepNewest(records: Map<string, Values>, id: string, values: Values, most: number): void {
  records.set(id, values);
  for (const oldest of records.keys()) {
    if (records.size <= most) break;
    records.delete(oldest);
  }
}

function eventOf(number: number, content: LiveContent, idColumn: string): LiveEvent {
  const itemId = content[idColumn];
  const value = content["EVENT_VALUE"];
  return {
    number,
    itemId: typeof itemId === "string" ? itemId : undefined,
    eventType: String(content["EVENT_TYPE"] ?? ""),
    eventValue: typeof value === "number" ? value : undefined,
    sentAt: Number(content["TIMESTAMP"] ?? 0),
  };
}

/** A column without a value is missing; booleans are 0 and 1, as in records. */
function valuesOf(content: LiveContent): Values {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(content)) {
    if (value !== null) values[name] = typeof value === "boolean" ? Number(value) : value;
  }
  return values;
}
