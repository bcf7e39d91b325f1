import { readFileSync } from "node:fs";
import type { DatasetGroupData } from "../records/dataset-group-data.ts";
import type { Column, Records } from "../records/records.ts";
import type { DatasetSchema, DatasetType, SchemaField } from "../schema/dataset-schema.ts";

export interface SliceOptions {
  /** One event of each type for every line of an order; default: one without a type. */
  readonly eventTypes?: readonly string[];
  /** Actions in the place of items. */
  readonly ofActions?: boolean;
}

/** Real orders as datasets: customers, articles with prices and descriptions, quantities as event values; see README.md. */
export function retailSlice({ eventTypes = [], ofActions = false }: SliceOptions = {}): DatasetGroupData {
  const itemColumn = ofActions ? "ACTION_ID" : "ITEM_ID";
  const lines = readCsv("retail-orders.csv");
  const typed = eventTypes.length === 0 ? lines : lines.flatMap((line) => eventTypes.map((type) => [...line, type]));
  const columnOf = (place: number): string[] => typed.map((line) => line[place]);
  const events = {
    USER_ID: texts(columnOf(0)),
    [itemColumn]: texts(columnOf(1)),
    TIMESTAMP: numbers(columnOf(2)),
    EVENT_VALUE: numbers(columnOf(3)),
    ...(eventTypes.length > 0 && { EVENT_TYPE: texts(columnOf(4)) }),
  };
  const products = readCsv("retail-products.csv");
  const items = {
    [itemColumn]: texts(products.map(([id]) => id)),
    PRICE: numbers(products.map(([, price]) => price)),
    DESCRIPTION: texts(products.map(([, , description]) => description)),
  };
  const [eventsType, itemsType] = ofActions
    ? (["Action_Interactions", "Actions"] as const)
    : (["Interactions", "Items"] as const);
  return {
    datasets: {
      [eventsType]: datasetOf(eventsType, { count: typed.length, columns: events }),
      [itemsType]: datasetOf(itemsType, { count: products.length, columns: items }),
    },
    eventsUpTo: 0,
  };
}

function datasetOf(type: DatasetType, records: Records): { readonly schema: DatasetSchema; readonly records: Records } {
  const fields = Object.entries(records.columns).map(
    ([name, { kind }]): SchemaField => ({
      name,
      type: kind === "text" ? "string" : "double",
      isNullable: false,
      isCategorical: false,
      isTextual: name === "DESCRIPTION",
    }),
  );
  return { schema: { type, fields }, records };
}

function readCsv(name: string): string[][] {
  const [, ...lines] = readFileSync(new URL(name, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => line.split(","));
}

export function texts(given: readonly string[]): Column {
  const places = new Map<string, number>();
  const codes = Int32Array.from(given, (text) => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return { kind: "text", values: [...places.keys()], codes };
}

export function numbers(given: readonly (string | number)[]): Column {
  return { kind: "number", values: Float64Array.from(given, Number) };
}
