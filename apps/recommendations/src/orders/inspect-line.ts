import type { CompanyOrderLine } from "./company-order.ts";
import type { OutlierFences } from "./outlier-fence.ts";
import { unifyProductId } from "./unify-id.ts";

/** Why a line is not learned from (P-41); what each one means is in the README. */
export const QUARANTINE_REASONS = [
  "missing_customer",
  "missing_product",
  "not_a_product",
  "return",
  "invalid_quantity",
  "invalid_price",
  "duplicate",
  "outlier_quantity",
  "outlier_price",
  "changed_order",
] as const;

export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

export interface Refusal {
  readonly reason: QuarantineReason;
  readonly detail: string;
}

/** A line that is learned from. */
export interface SoundLine {
  readonly product_id: string;
  readonly quantity: number;
  readonly unit_price: number;
}

export interface InspectionRules {
  readonly fences: OutlierFences;
  /** Postage, fees, vouchers: ids, unified, of what is booked like a product. */
  readonly nonProducts: ReadonlySet<string>;
}

/** What is wrong with a line, the first of the reasons in their order, or the line in our terms. */
export function inspectLine(
  { sku, quantity, unit_price: price }: CompanyOrderLine,
  { fences, nonProducts }: InspectionRules,
): SoundLine | Refusal {
  const product_id = unifyProductId(sku);
  if (product_id === undefined) return { reason: "missing_product", detail: "The line has no product id." };
  if (nonProducts.has(product_id)) return { reason: "not_a_product", detail: `${product_id} is booked, not bought.` };
  if (typeof quantity === "number" && quantity < 0) {
    return { reason: "return", detail: `${-quantity} of ${product_id} came back.` };
  }
  if (typeof quantity !== "number" || quantity === 0) {
    return { reason: "invalid_quantity", detail: `The quantity is ${quantity ?? "missing"}.` };
  }
  if (typeof price !== "number" || price <= 0) {
    return { reason: "invalid_price", detail: `The price is ${price ?? "missing"}.` };
  }
  if (quantity > fences.quantity) {
    const detail = `${quantity} pieces; more than ${Math.round(fences.quantity)} are unusual.`;
    return { reason: "outlier_quantity", detail };
  }
  if (price > fences.unit_price) {
    const detail = `A price of ${price}; more than ${fences.unit_price.toFixed(2)} is unusual.`;
    return { reason: "outlier_price", detail };
  }
  return { product_id, quantity, unit_price: price };
}
