import type { ResourceTable } from "./resource-table.ts";

/** The tables that are queried through kysely, as its types. Columns are those of migrations/. */
export interface Tables {
  resource: ResourceTable;
}
