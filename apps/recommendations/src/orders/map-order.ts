import { createHash } from "node:crypto";
import type { CompanyOrder, CompanyOrderLine } from "./company-order.ts";
import { type InspectionRules, inspectLine, type Refusal, type SoundLine } from "./inspect-line.ts";
import { unifyCustomerId } from "./unify-id.ts";

/** A line of `order_items`. */
export interface OrderItem extends SoundLine {
  readonly order_id: string;
  /** From 1, as in the company's order. */
  readonly line_number: number;
}

/** What the order says of a product (P-9). */
export interface ProductDetails {
  readonly product_id: string;
  readonly product_name: string;
  readonly category: string | null;
  readonly price: number;
}

/** What the order says of its customer (P-10). */
export interface CustomerDetails {
  readonly unified_customer_id: string;
  readonly location: string | null;
  readonly age: number | null;
  readonly gender: string | null;
}

/** A line that is kept aside. */
export interface QuarantinedLine extends Refusal {
  readonly order_id: string;
  readonly line_number: number;
  readonly ordered_at: string;
  readonly content: unknown;
}

/** An order in our terms (P-17). Without a sound line there is no customer: such an order leaves nothing but its lines in quarantine. */
export interface MappedOrder {
  readonly order_id: string;
  readonly ordered_at: string;
  readonly content_hash: string;
  readonly customer: CustomerDetails | undefined;
  readonly items: readonly OrderItem[];
  readonly products: readonly ProductDetails[];
  readonly quarantined: readonly QuarantinedLine[];
  readonly source: CompanyOrder;
}

/** Maps the company's fields to ours, unifies the ids and puts aside what cannot be learned from. */
export function mapOrder(order: CompanyOrder, rules: InspectionRules): MappedOrder {
  const order_id = order.order_no.trim();
  const ordered_at = new Date(order.ordered_at).toISOString();
  const customer = customerOf(order);
  const items: OrderItem[] = [];
  const products: ProductDetails[] = [];
  const quarantined: QuarantinedLine[] = [];
  const seen = new Set<string>();
  for (const [index, line] of order.lines.entries()) {
    const line_number = index + 1;
    const inspected = customer === undefined ? NO_CUSTOMER : onlyOnce(inspectLine(line, rules), seen);
    if ("reason" in inspected) {
      const content = { customer: order.customer ?? null, line };
      quarantined.push({ ...inspected, order_id, line_number, ordered_at, content });
      continue;
    }
    items.push({ order_id, line_number, ...inspected });
    products.push(productOf(line, inspected));
  }
  const content_hash = createHash("sha256").update(JSON.stringify(order)).digest("base64");
  return {
    order_id,
    ordered_at,
    content_hash,
    customer: items.length > 0 ? customer : undefined,
    items,
    products,
    quarantined,
    source: order,
  };
}

const NO_CUSTOMER: Refusal = { reason: "missing_customer", detail: "The order has no customer id." };

/** The same product in the same number at the same price a second time in one order was booked twice. */
function onlyOnce(inspected: SoundLine | Refusal, seen: Set<string>): SoundLine | Refusal {
  if ("reason" in inspected) return inspected;
  const key = `${inspected.product_id} ${inspected.quantity} ${inspected.unit_price}`;
  if (seen.has(key)) return { reason: "duplicate", detail: `The order has the same line of ${inspected.product_id}.` };
  seen.add(key);
  return inspected;
}

function customerOf({ customer }: CompanyOrder): CustomerDetails | undefined {
  const unified_customer_id = unifyCustomerId(customer?.id);
  if (unified_customer_id === undefined) return undefined;
  const { country, city, age = null, gender = null } = customer ?? {};
  return { unified_customer_id, location: city?.trim() || country?.trim() || null, age, gender };
}

function productOf({ name, category }: CompanyOrderLine, { product_id, unit_price }: SoundLine): ProductDetails {
  return {
    product_id,
    product_name: name?.trim() || product_id,
    category: category?.trim() || null,
    price: unit_price,
  };
}
