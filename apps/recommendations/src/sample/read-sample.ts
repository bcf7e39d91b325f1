import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import type { CompanyOrder, CompanyOrderLine } from "../orders/company-order.ts";

/** Where the files of Dataset/README.md are. */
export const DATASET_DIRECTORY = join(import.meta.dirname, "../../Dataset");

type Row = readonly [
  invoice: string,
  stockCode: string,
  quantity: string,
  invoicedAt: string,
  unitPrice: string,
  customerId: string,
  country: string,
];

type Product = readonly [stockCode: string, name: string, category: string];

/** The orders of Online Retail in the order of the file, as the company's shop system would send them. */
export async function* readSample(directory = DATASET_DIRECTORY): AsyncGenerator<CompanyOrder> {
  const products = await readProducts(directory);
  const rows = createReadStream(join(directory, "orders.csv.gz"))
    .pipe(createGunzip())
    .pipe(parse({ from_line: 2 }));
  let head: Row | undefined;
  let lines: CompanyOrderLine[] = [];
  for await (const row of rows as AsyncIterable<Row>) {
    if (head !== undefined && row[0] !== head[0]) {
      yield orderOf(head, lines);
      lines = [];
      head = undefined;
    }
    // Some invoices run over a minute: the first line says when.
    head ??= row;
    const [, sku, quantity, , unitPrice] = row;
    lines.push({ sku, ...products.get(sku), quantity: Number(quantity), unit_price: Number(unitPrice) });
  }
  if (head !== undefined) yield orderOf(head, lines);
}

async function readProducts(directory: string) {
  const rows = parseSync(await readFile(join(directory, "products.csv")), { from_line: 2 }) as unknown as Product[];
  return new Map(rows.map(([stockCode, name, category]) => [stockCode, { name, category }]));
}

/** The shop is in the United Kingdom, in winter on UTC; that its summer's hours are off by one is of no matter here. */
function orderOf([order_no, , , invoicedAt, , id, country]: Row, lines: readonly CompanyOrderLine[]): CompanyOrder {
  const customer = { id: id === "" ? null : id, country: country === "Unspecified" ? null : country };
  return { order_no, ordered_at: `${invoicedAt.replace(" ", "T")}Z`, customer, lines };
}
