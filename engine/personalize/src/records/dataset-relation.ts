import type { DatasetFiles } from "./dataset-directory.ts";
import { identifier, literal } from "./duckdb.ts";
import { eventRelation, recordId } from "./event-relation.ts";
import { SEGMENT_TYPES } from "./segment-types.ts";

/** Which rows of a dataset: imported ones, those that were put one by one, or both. */
export type IngestionMode = "BULK" | "PUT" | "ALL";

/**
 * The statement that reads a dataset's rows, with the columns of its schema in their order; of an item, user or action the newest record only. Segments of an earlier schema lack columns of the present one.
 */
export function datasetRelation({ schema, segments, events }: DatasetFiles, mode: IngestionMode): string {
  const columns = schema.fields.map(({ name }) => identifier(name)).join(", ");
  const typed = schema.fields.map(({ name, type }) => `null::${SEGMENT_TYPES[type]} as ${identifier(name)}`);
  const parts = [`select ${typed.join(", ")}, 0::BIGINT as "#number", 0 as "#place", 0 as "#segment" where false`];
  if (mode !== "PUT") {
    for (const [index, { path, follows }] of segments.entries()) {
      parts.push(
        `select *, ${follows}::BIGINT as "#number", 1 as "#place", ${index} as "#segment" from read_parquet(${literal(path)})`,
      );
    }
  }
  if (mode !== "BULK" && events !== undefined) {
    parts.push(
      `select * exclude (number), number as "#number", 0 as "#place", 0 as "#segment" from (${eventRelation(schema, events)})`,
    );
  }
  const union = parts.join(" union all by name ");
  const id = recordId(schema.type);
  if (id === undefined) return `select ${columns} from (${union})`;
  const rows = `select *, row_number() over () as "#row" from (${union})`;
  // What was put before an import is older than the rows that it brought.
  const order = ["#number", "#place", "#segment", "#row"].map(identifier);
  const newest = `row_number() over (partition by ${identifier(id)} order by ${order.map((key) => `${key} desc`).join(", ")}) = 1`;
  return `select ${columns} from (${rows}) qualify ${newest} order by ${order.join(", ")}`;
}
