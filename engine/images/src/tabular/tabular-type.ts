/** The formats in which tables travel. */
export const tabularFormats = ["csv", "libsvm", "recordio-protobuf", "parquet", "json", "jsonlines"] as const;
export type TabularFormat = (typeof tabularFormats)[number];

/** A content type or an Accept header, taken apart. */
export interface TabularType {
  readonly format: TabularFormat;
  /** `label_size=0` of a training channel; 1 where nothing is said, as AWS has it. */
  readonly labelSize: number | undefined;
  /** All parameters in lower case: `verbose` → `true`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The media type of each format, as answers name it. */
export const mediaTypes: Readonly<Record<TabularFormat, string>> = {
  csv: "text/csv",
  libsvm: "text/libsvm",
  "recordio-protobuf": "application/x-recordio-protobuf",
  parquet: "application/x-parquet",
  json: "application/json",
  jsonlines: "application/jsonlines",
};

/** Further names that AWS's containers take; XGBoost's takes the bare ones, too. */
const aliases: Readonly<Record<string, TabularFormat>> = {
  ...Object.fromEntries(tabularFormats.flatMap((format) => [format, mediaTypes[format]].map((name) => [name, format]))),
  "text/x-libsvm": "libsvm",
  "application/jsonl": "jsonlines",
  "application/x-jsonlines": "jsonlines",
};

/** `text/csv; label_size=0`; undefined for a type that is none of tables. */
export function parseTabularType(header: string): TabularType | undefined {
  const [type = "", ...rest] = header.toLowerCase().split(";");
  const format = aliases[type.trim()];
  if (format === undefined) return undefined;
  const parameters = new Map(
    rest.map((parameter) => {
      const [name = "", value = ""] = parameter.split("=");
      return [name.trim(), value.trim()] as const;
    }),
  );
  const labelSize = parameters.get("label_size");
  return { format, labelSize: labelSize === undefined ? undefined : Number(labelSize), parameters };
}
