/**
 * Makes the files beside it out of the original ones; run again only when the form changes:
 *
 *   node apps/recommendations/Dataset/build-datasets.ts <folder with one CSV file for each day of Online Retail>
 *
 * The result depends on these files alone, so building twice gives the same bytes.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { categoryOf } from "./product-category.ts";

type Line = Readonly<
  Record<
    "InvoiceNo" | "StockCode" | "Description" | "Quantity" | "InvoiceDate" | "UnitPrice" | "CustomerID" | "Country",
    string
  >
>;

/** What the shop's staff noted beside a stock movement instead of a name ("damaged", "found", "?") is in lower case. */
function isName(description: string): boolean {
  return description !== "" && description === description.toUpperCase() && /[A-Z]{3}/.test(description);
}

/** The description that a stock code has most often; the first of equals. */
function namesOf(lines: readonly Line[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { StockCode, Description } of lines) {
    const name = Description.trim();
    if (!isName(name)) continue;
    const ofProduct = counts.get(StockCode) ?? new Map<string, number>();
    ofProduct.set(name, (ofProduct.get(name) ?? 0) + 1);
    counts.set(StockCode, ofProduct);
  }
  const mostFrequent = (names: ReadonlyMap<string, number>): string =>
    [...names].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
  return new Map([...counts].map(([code, names]) => [code, mostFrequent(names)]));
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("Usage: node build-datasets.ts <folder with the original files>");
const lines: Line[] = [];
for (const file of (await readdir(folder)).filter((name) => name.endsWith(".csv")).toSorted()) {
  lines.push(...(parse(await readFile(join(folder, file)), { columns: true }) as Line[]));
}
// One invoice runs over others' lines: an order's lines stand together here.
const byInvoice = Map.groupBy(lines, ({ InvoiceNo }) => InvoiceNo);
const orders = [...byInvoice.values()]
  .flat()
  .map((line) => [
    line.InvoiceNo,
    line.StockCode,
    line.Quantity,
    line.InvoiceDate,
    line.UnitPrice,
    line.CustomerID.replace(/\.0$/, ""),
    line.Country,
  ]);
const header = ["invoice", "stock_code", "quantity", "invoiced_at", "unit_price", "customer_id", "country"];
await writeFile(join(import.meta.dirname, "orders.csv.gz"), gzipSync(stringify([header, ...orders]), { level: 9 }));
const products = [...namesOf(lines)].toSorted(([one], [two]) => (one < two ? -1 : 1));
await writeFile(
  join(import.meta.dirname, "products.csv"),
  stringify([["stock_code", "name", "category"], ...products.map(([code, name]) => [code, name, categoryOf(name)])]),
);
