import type { DatasetSchema, DatasetType } from "../schema/dataset-schema.ts";
import { identifier, literal } from "./duckdb.ts";
import { SEGMENT_TYPES } from "./segment-types.ts";

/** A line of `events.jsonl`: an event of PutEvents, or an item, user or action that was put. */
export interface EventLine {
  /** In the order of the commits, over all datasets of a group. */
  readonly number: number;
  /** Whose the record is: its USER_ID. Until somebody says who he is, a session is a user of its own. */
  readonly userId?: string | undefined;
  /** By the columns of the dataset's schema. */
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
}

/** Without these a line tells nothing. */
const ID_COLUMNS: Readonly<Record<DatasetType, readonly string[]>> = {
  Interactions: ["USER_ID", "ITEM_ID"],
  Items: ["ITEM_ID"],
  Users: ["USER_ID"],
  Actions: ["ACTION_ID"],
  Action_Interactions: ["USER_ID", "ACTION_ID"],
};

/** What may stand for several records of one thing, of which the newest counts; undefined for events. */
export function recordId(type: DatasetType): string | undefined {
  const [column, ...others] = ID_COLUMNS[type];
  return others.length === 0 ? column : undefined;
}

/** The statement that reads a file of events as rows of the dataset, with `number`. A value that is not of its column's type is missing. */
export function eventRelation({ type, fields }: DatasetSchema, path: string): string {
  const columns = fields.map((field) => {
    const value = `json_extract_string("values", ${literal(`$."${field.name}"`)})`;
    const text = field.name === "USER_ID" ? `coalesce("userId", ${value})` : value;
    return `try_cast(${text} as ${SEGMENT_TYPES[field.type]}) as ${identifier(field.name)}`;
  });
  const members = "{number: 'BIGINT', userId: 'VARCHAR', values: 'JSON'}";
  const present = ID_COLUMNS[type].map((name) => `${identifier(name)} is not null`).join(" and ");
  return `select * from (select number, ${columns.join(", ")}
    from read_json(${literal(path)}, format = 'newline_delimited', columns = ${members})) where ${present} order by number`;
}
