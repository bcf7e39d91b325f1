import { FormatError } from "@rondo/learn";
import type { ColumnKinds } from "./stored-records.ts";
import type { TrainedModel } from "./trained-model.ts";

const VERSION = 1;

/** What a model's file tells of itself, in JSON, and what says how its arrays are read. */
export interface ModelHeader
  extends Pick<
    TrainedModel,
    "recipe" | "hyperparameters" | "trainedAt" | "eventsUpTo" | "eventSelection" | "eventTypes"
  > {
  readonly version: number;
  readonly items: StoredTable;
  readonly users: StoredTable;
  readonly events: StoredTable;
  /** Events that count; undefined where all do. */
  readonly learned?: number;
}

interface StoredTable {
  readonly count: number;
  readonly columns: ColumnKinds;
}

export function encodeHeader(
  model: TrainedModel,
  columns: Readonly<Record<"items" | "users" | "events", ColumnKinds>>,
): ModelHeader {
  const { recipe, hyperparameters, trainedAt, eventsUpTo, eventSelection, eventTypes, histories, learned } = model;
  return {
    version: VERSION,
    recipe,
    hyperparameters,
    trainedAt,
    eventsUpTo,
    eventSelection,
    eventTypes,
    items: { count: model.items.ids.length, columns: columns.items },
    users: { count: model.users.ids.length, columns: columns.users },
    events: { count: histories.events.items.length, columns: columns.events },
    ...(learned !== histories && { learned: learned.events.items.length }),
  };
}

/** Throws FormatError for bytes that are no header, or one of another version. */
export function decodeHeader(bytes: Uint8Array): ModelHeader {
  let header: Partial<ModelHeader> | null;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ModelHeader> | null;
  } catch (cause) {
    throw new FormatError("The model's header is no JSON.", { cause });
  }
  if (header?.version !== VERSION) throw new FormatError(`The model's version is ${header?.version}, not ${VERSION}.`);
  const { recipe, hyperparameters, trainedAt, eventsUpTo, eventSelection, eventTypes, learned = 0 } = header;
  const isComplete =
    typeof recipe === "string" &&
    isRecordOf(hyperparameters, (value) => typeof value === "string") &&
    [trainedAt, eventsUpTo, learned].every(isCount) &&
    isRecordOf(eventSelection, () => true) &&
    Array.isArray(eventTypes) &&
    eventTypes.every((name) => typeof name === "string") &&
    [header.items, header.users, header.events].every(isTable);
  if (!isComplete) throw new FormatError("The model's header is damaged.");
  return header as ModelHeader;
}

function isTable(table: Partial<StoredTable> | undefined): boolean {
  return isCount(table?.count) && isRecordOf(table?.columns, (kind) => kind === "text" || kind === "number");
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isRecordOf(value: unknown, isValue: (value: unknown) => boolean): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isValue);
}
