/** The kinds of data that a dataset group can have; https://docs.aws.amazon.com/personalize/latest/dg/how-it-works-dataset-schema.html */
export const DATASET_TYPES = ["Interactions", "Items", "Users", "Actions", "Action_Interactions"] as const;

export type DatasetType = (typeof DATASET_TYPES)[number];

/** The domains with recommenders of their own. */
export const DOMAINS = ["ECOMMERCE", "VIDEO_ON_DEMAND"] as const;

export type Domain = (typeof DOMAINS)[number];

export type FieldType = "string" | "int" | "long" | "float" | "double" | "boolean";

export interface SchemaField {
  /** `ITEM_ID`: upper case with underscores. */
  readonly name: string;
  readonly type: FieldType;
  /** A union with null: records may leave it out. */
  readonly isNullable: boolean;
  /** Values are categories, several of a record joined by `|`. */
  readonly isCategorical: boolean;
  /** Free text; only Items have such fields. */
  readonly isTextual: boolean;
}

/** What each record of a dataset holds, in the order of the CSV's columns. */
export interface DatasetSchema {
  readonly type: DatasetType;
  readonly fields: readonly SchemaField[];
}
