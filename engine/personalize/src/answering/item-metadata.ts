import { AnsweringError } from "./answering-error.ts";
import type { Catalogue } from "./catalogue.ts";
import { valueOf } from "./filtered-user.ts";

/** What is told of an item with it, as texts; columns that its record leaves out are left out. Throws AnsweringError for columns that no item has. */
export function metadataReader(
  { records }: Catalogue,
  names: readonly string[],
): (item: number) => Readonly<Record<string, string>> {
  const columns = names.map((name) => {
    const column = records.columns[name] ?? records.columns[name.toUpperCase()];
    if (column !== undefined) return [name, column] as const;
    throw new AnsweringError("metadataColumns", `The Items dataset has no column ${name}.`);
  });
  return (item) => {
    const metadata: Record<string, string> = {};
    for (const [name, column] of columns) {
      const value = valueOf(column, item);
      if (value !== undefined) metadata[name] = String(value);
    }
    return metadata;
  };
}
