/** Where the sample's dates lie: moved by whole weeks so that the newest order is of now, as recorded in 2010 and 2011, or no sample at all. */
export const SAMPLE_ORDERS = ["moved", "recorded", "none"] as const;

/** The recipes as they were asked for (P-11 to P-13), or those that AWS has put in their place (P-X4). */
export const RECIPE_GENERATIONS = ["original", "successors"] as const;

/** What can be set from outside. */
export interface RecommendationsSettings {
  /** PostgreSQL of one's own; undefined: the connection that was passed in. */
  readonly databaseUrl: string | undefined;
  readonly region: string | undefined;
  /** Of the bucket into which the CSV files go. */
  readonly bucket: string;
  readonly datasetGroup: string;
  readonly recipes: (typeof RECIPE_GENERATIONS)[number];
  /** Name of the role with which Personalize reads and writes the bucket. */
  readonly role: string;
  /** Of an event tracker that exists already; undefined: the one that a training has made. */
  readonly trackingId: string | undefined;
  /** Of the company's API, from which orders are fetched; undefined: they are sent to `POST /orders`. */
  readonly companyApiUrl: string | undefined;
  /** Seconds between two looks there. */
  readonly companyApiSeconds: number;
  readonly sampleOrders: (typeof SAMPLE_ORDERS)[number];
  /** Ids of what is booked like a product: postage, fees, vouchers. */
  readonly nonProducts: readonly string[];
  /** How long a cached list is fresh. */
  readonly cacheHours: number;
  /** Hours between two runs that fill the cache; 0: none by schedule. */
  readonly batchIntervalHours: number;
  /** Hours between two full trainings. */
  readonly trainingIntervalHours: number;
  /** Hours between two updates with the newest data. */
  readonly updateIntervalHours: number;
  /** Hours between two looks at data and drift. */
  readonly qualityIntervalHours: number;
  /** Length of the cached lists. */
  readonly listLength: number;
  /** Users of a region that are looked at; 0: all. */
  readonly regionSampleSize: number;
  /** A customer who has bought within so many days is active. */
  readonly activeDays: number;
  /** The newest days, on which new versions are judged. */
  readonly holdOutDays: number;
  /** By what share of the live version's NDCG a new one may be worse at the far end of the interval. */
  readonly margin: number;
}

/** A variable whose value cannot be used. */
export class SettingsError extends Error {
  constructor(variable: string, value: string, expected: string) {
    super(`${variable} is "${value}". It should be ${expected}.`);
    this.name = "SettingsError";
  }
}

/** In Online Retail: postage, carriage, discount, manual entry, samples, fees, vouchers of the shop. */
const NON_PRODUCTS =
  "POST,DOT,M,C2,D,S,B,CRUK,PADS,BANK CHARGES,AMAZONFEE,GIFT_0001_10,GIFT_0001_20,GIFT_0001_30,GIFT_0001_40,GIFT_0001_50";

const NAME = /^[a-zA-Z0-9][\w-]{0,62}$/;
const YEAR_HOURS = 24 * 366;

/** Reads the settings (apps/recommendations/DEPLOYMENT.md lists them). Throws SettingsError. */
export function readSettings(environment: NodeJS.ProcessEnv): RecommendationsSettings {
  const text = (variable: string): string | undefined => environment[variable]?.trim() || undefined;
  const number = (variable: string, byDefault: number, { least, most }: { least: number; most: number }): number => {
    const value = text(variable) ?? String(byDefault);
    const read = Number(value);
    if (Number.isFinite(read) && read >= least && read <= most) return read;
    throw new SettingsError(variable, value, `a number from ${least} to ${most}`);
  };
  const oneOf = <const Value extends string>(variable: string, values: readonly [Value, ...Value[]]): Value => {
    const value = text(variable) ?? values[0];
    const known = values.find((each) => each === value);
    if (known === undefined) throw new SettingsError(variable, value, values.join(" or "));
    return known;
  };
  const hours = (variable: string, byDefault: number) => number(variable, byDefault, { least: 0, most: YEAR_HOURS });
  const datasetGroup = text("PERSONALIZE_DATASET_GROUP") ?? "mastergroup-recommendations";
  if (!NAME.test(datasetGroup)) {
    throw new SettingsError("PERSONALIZE_DATASET_GROUP", datasetGroup, "at most 63 letters, digits, hyphens");
  }
  return {
    databaseUrl: text("RECOMMENDATIONS_DATABASE_URL"),
    region: text("AWS_REGION"),
    bucket: text("PERSONALIZE_BUCKET") ?? "mastergroup-personalize-data",
    datasetGroup,
    recipes: oneOf("PERSONALIZE_RECIPES", RECIPE_GENERATIONS),
    role: text("PERSONALIZE_ROLE") ?? "PersonalizeExecutionRole",
    trackingId: text("PERSONALIZE_TRACKING_ID"),
    companyApiUrl: text("COMPANY_API_URL"),
    companyApiSeconds: number("COMPANY_API_SECONDS", 60, { least: 1, most: 86_400 }),
    sampleOrders: oneOf("SAMPLE_ORDERS", SAMPLE_ORDERS),
    nonProducts: (text("NON_PRODUCT_IDS") ?? NON_PRODUCTS).split(",").map((id) => id.trim()),
    cacheHours: number("CACHE_TTL_HOURS", 6, { least: 0.01, most: YEAR_HOURS }),
    batchIntervalHours: hours("BATCH_INTERVAL_HOURS", 6),
    trainingIntervalHours: hours("TRAINING_INTERVAL_HOURS", 7 * 24),
    updateIntervalHours: hours("UPDATE_INTERVAL_HOURS", 24),
    qualityIntervalHours: hours("QUALITY_INTERVAL_HOURS", 6),
    listLength: number("CACHE_LIST_LENGTH", 25, { least: 1, most: 100 }),
    regionSampleSize: number("REGION_SAMPLE_SIZE", 50, { least: 0, most: 1_000_000 }),
    activeDays: number("ACTIVE_DAYS", 365, { least: 1, most: 3_660 }),
    holdOutDays: number("HOLD_OUT_DAYS", 7, { least: 1, most: 365 }),
    margin: number("NOT_WORSE_MARGIN", 0.1, { least: 0, most: 1 }),
  };
}
