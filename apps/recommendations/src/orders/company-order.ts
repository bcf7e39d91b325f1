/** A line of an order as the company's shop system writes it; what is missing or null is looked at, not refused. */
export interface CompanyOrderLine {
  readonly sku?: string | null;
  readonly name?: string | null;
  readonly category?: string | null;
  /** Negative for a return. */
  readonly quantity?: number | null;
  readonly unit_price?: number | null;
}

/** The customer of an order. */
export interface CompanyCustomer {
  readonly id?: string | number | null;
  readonly country?: string | null;
  readonly city?: string | null;
  readonly age?: number | null;
  readonly gender?: string | null;
}

/** An order as the company's shop system writes it. */
export interface CompanyOrder {
  readonly order_no: string;
  /** ISO 8601 with a time zone. */
  readonly ordered_at: string;
  readonly customer?: CompanyCustomer | null;
  readonly lines: readonly CompanyOrderLine[];
}

/** Personalize takes no longer ids. */
export const MOST_ID_CHARACTERS = 255;
const MOST_LINES = 5_000;
const MOST_ORDERS = 1_000;

const NULLABLE_TEXT = { type: ["string", "null"], maxLength: 1_000 } as const;
const NULLABLE_NUMBER = { type: ["number", "null"] } as const;

const LINE = {
  type: "object",
  additionalProperties: false,
  properties: {
    sku: { ...NULLABLE_TEXT, maxLength: MOST_ID_CHARACTERS, description: "Product id" },
    name: NULLABLE_TEXT,
    category: NULLABLE_TEXT,
    quantity: { ...NULLABLE_NUMBER, description: "Negative for a return" },
    unit_price: NULLABLE_NUMBER,
  },
} as const;

const CUSTOMER = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    id: { type: ["string", "number", "null"], maxLength: MOST_ID_CHARACTERS },
    country: NULLABLE_TEXT,
    city: NULLABLE_TEXT,
    age: { type: ["integer", "null"], minimum: 0, maximum: 150 },
    gender: NULLABLE_TEXT,
  },
} as const;

/** The schema of an order at the edge. */
export const COMPANY_ORDER_SCHEMA = {
  type: "object",
  required: ["order_no", "ordered_at", "lines"],
  additionalProperties: false,
  properties: {
    order_no: { type: "string", minLength: 1, maxLength: MOST_ID_CHARACTERS },
    ordered_at: { type: "string", format: "date-time" },
    customer: CUSTOMER,
    lines: { type: "array", minItems: 1, maxItems: MOST_LINES, items: LINE },
  },
} as const;

/** The body of `POST /orders`. */
export const COMPANY_ORDERS_SCHEMA = {
  type: "object",
  required: ["orders"],
  additionalProperties: false,
  properties: { orders: { type: "array", minItems: 1, maxItems: MOST_ORDERS, items: COMPANY_ORDER_SCHEMA } },
} as const;
