import type { TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";

/** Throws ValidationException with this text when an item is meant twice. */
export function checkDistinctKeys(
  items: readonly { readonly table: TableDefinition; readonly key: Buffer }[],
  text: string,
): void {
  const places = items.map(({ table, key }) => `${table.itemTable.id}/${key.toString("latin1")}`);
  if (new Set(places).size < places.length) throw validationError(text);
}
