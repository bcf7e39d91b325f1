import { stringify } from "csv-stringify/sync";
import type { ApplicationContext } from "../application-context.ts";
import type { DatabaseConnection } from "../database/database.ts";
import { putText } from "./data-bucket.ts";
import { DATASET_TYPES, type DatasetType } from "./schemas.ts";

/** Which purchases leave. */
export interface ExportOptions {
  /** Folder in the bucket: `exports/<run>/production`. */
  readonly prefix: string;
  /** Only what was bought until then; undefined: everything. */
  readonly through: Date | undefined;
  /** Also lines that Personalize learns of as events: for a group that has no event tracker. */
  readonly withEvents: boolean;
}

/** Where the CSV files lie and how many rows each dataset has. */
export interface ExportedDatasets {
  readonly locations: Readonly<Record<DatasetType, string>>;
  readonly rows: Readonly<Record<DatasetType, number>>;
}

type ExportContext = Pick<ApplicationContext, "database" | "s3" | "settings">;

/** Rows of one object: a few megabytes, so that memory stays bounded however many there are. */
const ROWS_PER_OBJECT = 50_000;

/** A page of rows after the row with the given key; `key` goes into the next question. */
interface PageSource {
  readonly columns: readonly string[];
  readonly text: string;
}

const SOURCES: Readonly<Record<DatasetType, PageSource>> = {
  Interactions: {
    columns: ["USER_ID", "ITEM_ID", "EVENT_TYPE", "EVENT_VALUE", "TIMESTAMP"],
    text: `select unified_customer_id as "USER_ID", product_id as "ITEM_ID", 'purchase' as "EVENT_TYPE", quantity as "EVENT_VALUE",
        extract(epoch from ordered_at)::bigint as "TIMESTAMP", jsonb_build_array(order_id, line_number) as key
      from recommendations.order_items join recommendations.orders using (order_id)
      where (order_id, line_number) > (coalesce($1::jsonb ->> 0, ''), coalesce(($1::jsonb ->> 1)::integer, 0)) and ordered_at <= $2
        and ($3::boolean or delivery = 'export')
      order by order_id, line_number limit ${ROWS_PER_OBJECT}`,
  },
  Items: {
    columns: ["ITEM_ID", "PRODUCT_NAME", "CATEGORY", "PRICE", "CREATION_TIMESTAMP"],
    text: `select product_id as "ITEM_ID", product_name as "PRODUCT_NAME", category as "CATEGORY", price as "PRICE",
        extract(epoch from first_ordered_at)::bigint as "CREATION_TIMESTAMP", jsonb_build_array(product_id) as key
      from recommendations.products
      where product_id > coalesce($1::jsonb ->> 0, '') and first_ordered_at <= $2 and $3::boolean is not null
      order by product_id limit ${ROWS_PER_OBJECT}`,
  },
  Users: {
    columns: ["USER_ID", "AGE", "GENDER", "LOCATION"],
    text: `select unified_customer_id as "USER_ID", age as "AGE", gender as "GENDER", location as "LOCATION",
        jsonb_build_array(unified_customer_id) as key
      from recommendations.customers
      where unified_customer_id > coalesce($1::jsonb ->> 0, '') and first_ordered_at <= $2 and $3::boolean is not null
      order by unified_customer_id limit ${ROWS_PER_OBJECT}`,
  },
};

/** Writes the datasets as CSV into the bucket, some objects each (P-20). What Personalize would refuse never gets into the tables. */
export async function exportDatasets(context: ExportContext, options: ExportOptions): Promise<ExportedDatasets> {
  const locations: Partial<Record<DatasetType, string>> = {};
  const rows: Partial<Record<DatasetType, number>> = {};
  for (const type of DATASET_TYPES) {
    locations[type] = `s3://${context.settings.bucket}/${options.prefix}/${type}/`;
    rows[type] = await exportDataset(context, type, options);
  }
  return { locations: locations as ExportedDatasets["locations"], rows: rows as ExportedDatasets["rows"] };
}

async function exportDataset(context: ExportContext, type: DatasetType, options: ExportOptions): Promise<number> {
  const { columns, text } = SOURCES[type];
  let key: unknown = null;
  let rows = 0;
  for (let part = 0; ; part++) {
    const page = await readPage(context.database, text, [
      key === null ? null : JSON.stringify(key),
      options.through ?? "infinity",
      options.withEvents,
    ]);
    if (page.length === 0 && part > 0) return rows;
    const name = `${options.prefix}/${type}/${String(part).padStart(6, "0")}.csv`;
    const values = page.map((row) => columns.map((column) => row[column]));
    await putText(context, name, stringify([columns, ...values]));
    rows += page.length;
    if (page.length < ROWS_PER_OBJECT) return rows;
    key = page.at(-1)?.key ?? null;
  }
}

function readPage(database: DatabaseConnection, text: string, values: readonly unknown[]) {
  return database.query<Readonly<Record<string, unknown>>>(text, values);
}
