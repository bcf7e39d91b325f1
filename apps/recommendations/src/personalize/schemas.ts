/** The three datasets of the group (P-2 to P-10). */
export const DATASET_TYPES = ["Interactions", "Items", "Users"] as const;

export type DatasetType = (typeof DATASET_TYPES)[number];

const NAMESPACE = "com.amazonaws.personalize.schema";

/**
 * The Avro schemas. TIMESTAMP is a long (P-X6). CREATION_TIMESTAMP is beyond the list of P-9: by it exploration knows which products are new. What may be
 * unknown is nullable.
 */
const FIELDS: Readonly<Record<DatasetType, readonly object[]>> = {
  Interactions: [
    { name: "USER_ID", type: "string" },
    { name: "ITEM_ID", type: "string" },
    { name: "EVENT_TYPE", type: "string" },
    { name: "EVENT_VALUE", type: "float" },
    { name: "TIMESTAMP", type: "long" },
  ],
  Items: [
    { name: "ITEM_ID", type: "string" },
    { name: "PRODUCT_NAME", type: "string" },
    { name: "CATEGORY", type: ["null", "string"], categorical: true },
    { name: "PRICE", type: "float" },
    { name: "CREATION_TIMESTAMP", type: "long" },
  ],
  Users: [
    { name: "USER_ID", type: "string" },
    { name: "AGE", type: ["null", "int"] },
    { name: "GENDER", type: ["null", "string"], categorical: true },
    { name: "LOCATION", type: ["null", "string"], categorical: true },
  ],
};

/** The schema of a dataset as CreateSchema takes it. */
export function avroSchema(type: DatasetType): string {
  return JSON.stringify({ type: "record", name: type, namespace: NAMESPACE, fields: FIELDS[type], version: "1.0" });
}
