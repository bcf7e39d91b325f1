/** What the page reads of the application's API; /docs describes all of it. */
export interface Product {
  readonly product_id: string;
  readonly product_name: string;
  readonly category: string | null;
  readonly price: number;
}

export interface Customer {
  readonly user_id: string;
  readonly location: string | null;
  readonly orders: number;
  readonly last_ordered_at: string;
}

export interface Purchase extends Product {
  readonly order_id: string;
  readonly quantity: number;
  readonly ordered_at: string;
}

export interface Offer extends Product {
  /** 0 to 1: confidence × relevance. */
  readonly score: number;
  readonly relevance: number;
  readonly confidence: number;
  readonly reason?: { readonly kind: string; readonly text: string };
}

export interface Answer {
  readonly recommendation_id?: string;
  readonly variant?: string | null;
  readonly source: string;
  readonly fallback_reason: string | null;
  readonly computed_at: string;
  readonly recommendations: readonly Offer[];
  readonly reranking: Reranking | null;
}

/** What re-ranking has gained and cost on this list. */
export interface Reranking {
  readonly relevance_kept: number;
  readonly expected_revenue_gain: number;
  readonly diversity_before: number;
  readonly diversity_after: number;
}

export interface Bundle extends Product {
  readonly lift: number;
  readonly confidence: number;
  readonly orders_together: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Region {
  readonly location: string;
  readonly customers: number;
  readonly active_customers: number;
}

export interface RegionalView {
  readonly location: string;
  readonly sample: {
    readonly seed: number;
    readonly n: number;
    readonly active_users: number;
    readonly with_recommendations: number;
    readonly sampled_at: string;
  };
  readonly products: readonly (Pick<Product, "product_id" | "product_name" | "category"> & {
    readonly matched: number;
    readonly n: number;
    readonly match_rate: number;
    readonly interval: Interval;
    readonly affinity: "High" | "Medium" | "Low";
    readonly borderline: boolean;
  })[];
}

/** An answer that is none: what the API says of it. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** Asks the API. Throws ApiError with its own words when it refuses, or when it cannot be reached. */
export async function ask<Result>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Result> {
  const text = new URLSearchParams(query).toString();
  return await request<Result>(text === "" ? path : `${path}?${text}`);
}

/** Tells the API; `Result` is void where it answers without a body. */
export async function tell<Result>(path: string, body: object): Promise<Result> {
  const headers = { "content-type": "application/json" };
  return await request<Result>(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function request<Result>(path: string, init?: RequestInit): Promise<Result> {
  const response = await fetch(path, init).catch((cause: unknown) => {
    throw new ApiError(0, `The shop does not answer (${String(cause)}). Is Rondo running?`);
  });
  const text = await response.text();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  if (!response.ok) throw new ApiError(response.status, messageOf(body) ?? `The shop answered ${response.status}.`);
  return body as Result;
}

/** `{ error: { message } }` or `{ message }`. */
function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { error, message } = body as { readonly error?: unknown; readonly message?: unknown };
  if (typeof message === "string") return message;
  return messageOf(error);
}
