import type { DatasetSchema, DatasetType } from "../schema/dataset-schema.ts";
import { identifier, literal } from "./duckdb.ts";
import { propertyName } from "./property-name.ts";
import { SEGMENT_TYPES } from "./segment-types.ts";

/**
 * A line of `events.jsonl`: an event of PutEvents or PutActionInteractions, or an item, user or action that was put. Which members it has depends on the
 * dataset; `properties` are those of the request, in camelCase or by the columns' names.
 */
export interface EventLine {
  /** In the order of the commits, over all datasets of a group. */
  readonly number: number;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly itemId?: string;
  readonly actionId?: string;
  readonly eventType?: string;
  readonly eventValue?: number;
  /** Seconds since 1970. */
  readonly sentAt?: number;
  readonly recommendationId?: string;
  readonly impression?: readonly string[];
  readonly eventAttributionSource?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Its members' types in SQL. */
const MEMBERS: Readonly<Record<keyof EventLine, string>> = {
  number: "BIGINT",
  userId: "VARCHAR",
  sessionId: "VARCHAR",
  itemId: "VARCHAR",
  actionId: "VARCHAR",
  eventType: "VARCHAR",
  eventValue: "DOUBLE",
  sentAt: "DOUBLE",
  recommendationId: "VARCHAR",
  impression: "VARCHAR[]",
  eventAttributionSource: "VARCHAR",
  properties: "JSON",
};

/** Which member a column comes from. Until somebody says who he is, a session is a user of its own. */
const OF_MEMBERS: Readonly<Record<string, string>> = {
  USER_ID: `coalesce("userId", case when "sessionId" is not null then max("userId") over (partition by "sessionId") end, "sessionId")`,
  ITEM_ID: `"itemId"`,
  ACTION_ID: `"actionId"`,
  EVENT_TYPE: `"eventType"`,
  EVENT_VALUE: `"eventValue"`,
  TIMESTAMP: `"sentAt"`,
  RECOMMENDATION_ID: `"recommendationId"`,
  IMPRESSION: `array_to_string("impression", '|')`,
  EVENT_ATTRIBUTION_SOURCE: `"eventAttributionSource"`,
};

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

/** The statement that reads a file of events as rows of the dataset, with `number`. A property that is not of its column's type is missing. */
export function eventRelation({ type, fields }: DatasetSchema, path: string): string {
  const columns = Object.entries(MEMBERS).map(([name, sqlType]) => `${literal(name)}: ${literal(sqlType)}`);
  const values = fields.map((field) => {
    const ofMember = Object.hasOwn(OF_MEMBERS, field.name) ? [OF_MEMBERS[field.name]] : [];
    const names = [propertyName(field.name), field.name];
    const ofProperties = names.map((name) => `json_extract_string(properties, ${literal(`$."${name}"`)})`);
    const candidates = [...ofMember, ...ofProperties].map(
      (value) => `try_cast(${value} as ${SEGMENT_TYPES[field.type]})`,
    );
    return `coalesce(${candidates.join(", ")}) as ${identifier(field.name)}`;
  });
  const present = ID_COLUMNS[type].map((name) => `${identifier(name)} is not null`).join(" and ");
  return `select * from (select number, ${values.join(", ")}
    from read_json(${literal(path)}, format = 'newline_delimited', columns = {${columns.join(", ")}})) where ${present} order by number`;
}
