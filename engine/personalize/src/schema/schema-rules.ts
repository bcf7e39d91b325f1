import type { DatasetType, Domain, FieldType } from "./dataset-schema.ts";

/** What AWS asks of a field whose name it reserves. */
export interface ReservedField {
  readonly types: readonly FieldType[];
  /** The schema must have it. Default: it may. */
  readonly isRequired?: true;
  /** It may be a union with null. */
  readonly mayBeNull?: true;
  /** Of a text: it must have this flag. Without one it must have none. */
  readonly flag?: "categorical" | "textual";
  /** It tells about the user or item, as a field of one's own does. */
  readonly isMetadata?: true;
}

export interface DatasetRules {
  readonly reserved: Readonly<Record<string, ReservedField>>;
  /** How many fields there may be that tell about the user, the item or the event. */
  readonly minMetadata: number;
  readonly maxMetadata: number;
}

const id = { types: ["string"], isRequired: true } as const;
const time = { types: ["long"] } as const;
const optionalText = { types: ["string"], mayBeNull: true } as const;
const optionalTime = { types: ["long"], mayBeNull: true } as const;
const optionalNumber = { types: ["float"], mayBeNull: true } as const;
const number = { types: ["float"], isMetadata: true } as const;
const category = { types: ["string"], isRequired: true, flag: "categorical", isMetadata: true } as const;
const optionalCategory = { types: ["string"], mayBeNull: true, flag: "categorical", isMetadata: true } as const;
const optionalDescription = { types: ["string"], mayBeNull: true, flag: "textual", isMetadata: true } as const;

/** Of custom dataset groups; https://docs.aws.amazon.com/personalize/latest/dg/custom-datasets-and-schemas.html */
const CUSTOM: Readonly<Record<DatasetType, DatasetRules>> = {
  Interactions: {
    reserved: {
      USER_ID: id,
      ITEM_ID: id,
      TIMESTAMP: { ...time, isRequired: true },
      EVENT_TYPE: { types: ["string"] },
      EVENT_VALUE: optionalNumber,
      IMPRESSION: optionalText,
      RECOMMENDATION_ID: optionalText,
      EVENT_ATTRIBUTION_SOURCE: optionalText,
    },
    minMetadata: 0,
    maxMetadata: 10,
  },
  Users: { reserved: { USER_ID: id }, minMetadata: 1, maxMetadata: 25 },
  Items: { reserved: { ITEM_ID: id, CREATION_TIMESTAMP: time }, minMetadata: 1, maxMetadata: 100 },
  Actions: {
    reserved: {
      ACTION_ID: id,
      CREATION_TIMESTAMP: time,
      VALUE: optionalTime,
      TYPE: optionalText,
      EXPIRATION_TIMESTAMP: optionalTime,
      REPEAT_FREQUENCY: optionalTime,
    },
    minMetadata: 1,
    maxMetadata: 10,
  },
  Action_Interactions: {
    reserved: {
      USER_ID: id,
      ACTION_ID: id,
      EVENT_TYPE: { types: ["string"], isRequired: true },
      TIMESTAMP: { ...time, isRequired: true },
      IMPRESSION: optionalText,
      RECOMMENDATION_ID: optionalText,
    },
    minMetadata: 0,
    maxMetadata: 10,
  },
};

const domainInteractions: DatasetRules = {
  ...CUSTOM.Interactions,
  reserved: { ...CUSTOM.Interactions.reserved, EVENT_TYPE: { types: ["string"], isRequired: true } },
};

/** https://docs.aws.amazon.com/personalize/latest/dg/ECOMMERCE-datasets-and-schemas.html and VIDEO-ON-DEMAND-datasets-and-schemas.html */
const OF_DOMAINS: Readonly<Record<Domain, Readonly<Partial<Record<DatasetType, DatasetRules>>>>> = {
  ECOMMERCE: {
    Interactions: domainInteractions,
    Users: CUSTOM.Users,
    Items: {
      reserved: {
        ITEM_ID: id,
        PRICE: { ...number, isRequired: true },
        CATEGORY_L1: category,
        CATEGORY_L2: optionalCategory,
        CATEGORY_L3: optionalCategory,
        PRODUCT_DESCRIPTION: optionalDescription,
        // The guide says float; the default schema of AWS's console has long.
        CREATION_TIMESTAMP: { types: ["long", "float"] },
        AGE_GROUP: optionalCategory,
        ADULT: optionalCategory,
        GENDER: optionalCategory,
      },
      minMetadata: 1,
      maxMetadata: 100,
    },
  },
  VIDEO_ON_DEMAND: {
    Interactions: domainInteractions,
    Users: { ...CUSTOM.Users, reserved: { USER_ID: id, SUBSCRIPTION_MODEL: optionalCategory } },
    Items: {
      reserved: {
        ITEM_ID: id,
        CREATION_TIMESTAMP: { ...time, isRequired: true },
        GENRES: category,
        PRICE: { ...number, mayBeNull: true },
        DURATION: { ...number, mayBeNull: true },
        GENRE_L2: optionalCategory,
        GENRE_L3: optionalCategory,
        AVERAGE_RATING: { ...number, mayBeNull: true },
        PRODUCT_DESCRIPTION: optionalDescription,
        CONTENT_OWNER: optionalCategory,
        CONTENT_CLASSIFICATION: optionalCategory,
      },
      minMetadata: 1,
      maxMetadata: 100,
    },
  },
};

/** AWS's rules for a dataset; undefined where the domain has no such dataset. */
export function rulesOf(type: DatasetType, domain: Domain | undefined): DatasetRules | undefined {
  return domain === undefined ? CUSTOM[type] : OF_DOMAINS[domain][type];
}
