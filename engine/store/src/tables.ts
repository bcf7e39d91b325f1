/** The tables that are queried through kysely, as its types. Columns are those of migrations/. */
// eslint-disable-next-line typescript/no-empty-object-type
export interface Tables {}
