/** What a shop of two tastes sold: half of the customers buy tea things, half garden things, so that what suits whom is known. */
const TASTES = ["TEA", "GARDEN"] as const;
const PRODUCTS_OF_TASTE = 30;
const CUSTOMERS = 60;
const ORDERS_OF_CUSTOMER = 8;
const DAY_MS = 24 * 3_600_000;

export interface ShopOrder {
  readonly order_no: string;
  readonly ordered_at: string;
  readonly customer: { readonly id: string; readonly country: string };
  readonly lines: readonly {
    readonly sku: string;
    readonly name: string;
    readonly category: string;
    readonly quantity: number;
    readonly unit_price: number;
  }[];
}

/** `customer-7` likes tea or garden things, by whether the number is even. */
export function tasteOf(customer: number): (typeof TASTES)[number] {
  return customer % 2 === 0 ? "TEA" : "GARDEN";
}

/** Orders of the last months, oldest first, the newest a day before `now`. */
export function shopOrders(now: Date): ShopOrder[] {
  const orders: ShopOrder[] = [];
  for (let customer = 0; customer < CUSTOMERS; customer += 1) {
    for (let number = 0; number < ORDERS_OF_CUSTOMER; number += 1) {
      const daysAgo = 1 + (ORDERS_OF_CUSTOMER - 1 - number) * 9 + (customer % 9);
      orders.push({
        order_no: `${customer}-${number}`,
        ordered_at: new Date(now.getTime() - daysAgo * DAY_MS).toISOString(),
        customer: { id: `customer-${customer}`, country: customer % 3 === 0 ? "France" : "Norway" },
        lines: [0, 1, 2].map((line) => {
          const product = (customer * 5 + number * 7 + line * 3) % PRODUCTS_OF_TASTE;
          return soldLine(tasteOf(customer), product, 1 + (product % 4));
        }),
      });
    }
  }
  return orders.toSorted((one, other) => one.ordered_at.localeCompare(other.ordered_at));
}

/** Many products that one customer has bought, so that the catalogue is long. */
export function longOrders(products: number, now: Date): ShopOrder[] {
  const ordered_at = new Date(now.getTime() - 90 * DAY_MS).toISOString();
  return Array.from({ length: Math.ceil(products / 1000) }, (_, number) => ({
    order_no: `long-${number}`,
    ordered_at,
    customer: { id: "wholesale", country: "Norway" },
    lines: Array.from({ length: 1000 }, (__, line) => soldLine("WARE", number * 1000 + line, 1)),
  }));
}

function soldLine(kind: string, product: number, quantity: number): ShopOrder["lines"][number] {
  const sku = `${kind}${String(product).padStart(5, "0")}`;
  return { sku, name: `${kind} THING ${product}`, category: kind, quantity, unit_price: 1 + (product % 7) };
}
