import type { Projection } from "@aws-sdk/client-dynamodb";
import { attributeOf, type Item } from "./attribute-value.ts";
import { type KeySchema, pickKey } from "./item-key.ts";

/** What an index holds of an item: all of it, its keys, or its keys and the attributes that are included. */
export function projectOnto(
  index: { readonly key: KeySchema; readonly projection: Projection },
  tableKey: KeySchema,
  item: Item,
): Item {
  const { ProjectionType: type = "ALL", NonKeyAttributes: included = [] } = index.projection;
  if (type === "ALL") return item;
  const keys = pickKey(item, tableKey, index.key);
  if (type === "KEYS_ONLY") return keys;
  const others = included.flatMap((name) => {
    const value = attributeOf(item, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...Object.entries(keys), ...others]);
}
