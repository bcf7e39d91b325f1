import { type Resource, type Resources, StoreError } from "@rondo/store";
import { AwsError, awsError, type Caller } from "@rondo/wire";
import { defineTable, TABLE_TYPE, type TableBody, type TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";

/** Definitions that are kept; emptied when there are more. */
const CAPACITY = 1_000;

/** How often work begins anew because its table was changed meanwhile. */
const MAX_ATTEMPTS = 10;

/** Finds tables by name, or by ARN of the caller's account and region. */
export interface TableFinder {
  /** The row. Throws ResourceNotFoundException, as `describe` and its like do. */
  require(caller: Caller, nameOrArn: string | undefined): Promise<Resource<TableBody>>;
  /** Works with a table's definition, again when it turns out to be an old one. Throws ResourceNotFoundException. */
  use<Result>(
    caller: Caller,
    nameOrArn: string | undefined,
    work: (table: TableDefinition) => Promise<Result>,
  ): Promise<Result>;
  /** The same with several tables. */
  useAll<Result>(
    caller: Caller,
    namesOrArns: readonly string[],
    work: (tables: ReadonlyMap<string, TableDefinition>) => Promise<Result>,
  ): Promise<Result>;
}

/** Remembers definitions: every statement on items says which version of its table it was made for, so an old one is noticed. */
export function createTableFinder({ resources }: { readonly resources: Resources }): TableFinder {
  const known = new Map<string, TableDefinition>();

  const nameKey = ({ accountId, region }: Caller, name: string): string => `${accountId}/${region}/${name}`;

  async function find(caller: Caller, nameOrArn: string): Promise<TableDefinition> {
    const name = tableName(caller, nameOrArn);
    const key = nameKey(caller, name);
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const row = await resources.find<TableBody>(caller, TABLE_TYPE, name);
    if (row === undefined || row.status === "DELETING") throw tableNotFound();
    const table = defineTable(row);
    if (known.size >= CAPACITY) known.clear();
    known.set(key, table);
    return table;
  }

  async function useAll<Result>(
    caller: Caller,
    namesOrArns: readonly string[],
    work: (tables: ReadonlyMap<string, TableDefinition>) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const tables = new Map<string, TableDefinition>();
      for (const name of namesOrArns) tables.set(name, await find(caller, name));
      try {
        return await work(tables);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !(await isOutdated(error, caller, tables))) throw error;
      }
    }
  }

  /** A statement notices an old definition by itself; what was refused before there was a statement is checked here. */
  async function isOutdated(
    error: unknown,
    caller: Caller,
    tables: ReadonlyMap<string, TableDefinition>,
  ): Promise<boolean> {
    const isStale = error instanceof StoreError && error.code === "StaleTable";
    if (!isStale && !(error instanceof AwsError && error.code === "ValidationException")) return false;
    for (const { name } of tables.values()) known.delete(nameKey(caller, name));
    if (isStale) return true;
    for (const [nameOrArn, { itemTable }] of tables) {
      const now = (await find(caller, nameOrArn)).itemTable;
      if (now.id !== itemTable.id || now.version !== itemTable.version) return true;
    }
    return false;
  }

  return {
    async require(caller, nameOrArn) {
      const name = tableName(caller, nameOrArn);
      const row = await resources.find<TableBody>(caller, TABLE_TYPE, name);
      if (row === undefined) throw tableNotFound(name);
      return row;
    },
    use: (caller, nameOrArn = "", work) =>
      useAll(caller, [nameOrArn], (tables) => work(tables.get(nameOrArn) as TableDefinition)),
    useAll,
  };
}

/** With the name for operations on tables, without for those on items. */
export function tableNotFound(name?: string): AwsError {
  const which = name === undefined ? "" : `: Table: ${name} not found`;
  return awsError("ResourceNotFoundException", `Requested resource not found${which}`);
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>` */
export function tableArn({ accountId, region }: Pick<Caller, "accountId" | "region">, name: string): string {
  return `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
}

function tableName(caller: Caller, nameOrArn = ""): string {
  if (!nameOrArn.startsWith("arn:")) {
    if (/^[a-zA-Z0-9_.-]{3,255}$/.test(nameOrArn)) return nameOrArn;
    throw validationError(
      "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only " +
        "the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    );
  }
  const prefix = tableArn(caller, "");
  const name = nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : "";
  if (/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return name;
  throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${nameOrArn.slice(0, 300)}`);
}
