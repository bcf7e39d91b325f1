import type { Interval } from "../api.ts";

/** What the quality page reads; the API's types in apps/recommendations/src are the documentation of record. */
export interface Monitoring {
  readonly answers: {
    readonly answers: number;
    readonly failures: number;
    readonly by_source: Readonly<Record<string, number>>;
    readonly cache_hit_rate: number | null;
    readonly saved_calls: number | null;
    readonly cached_p99_ms: number | null;
    readonly p99_ms: number | null;
  };
  readonly business: {
    readonly shown: number;
    readonly click_through_rate: Rate;
    readonly conversion_rate: Rate;
    readonly revenue: number;
  } | null;
}

export interface Rate extends Interval {
  readonly rate: number | null;
  readonly trials: number;
}

export interface DataQuality {
  readonly now: {
    readonly lines: number;
    readonly quarantined: number;
    readonly quarantined_by_reason: Readonly<Record<string, number>>;
    readonly missing: number;
    readonly duplicate: number;
    readonly outlier: number;
    readonly coverage: {
      readonly products: number;
      readonly products_bought_recently: number;
      readonly recommended_share: number | null;
      readonly active_customers: number;
      readonly cached_share: number | null;
      readonly customers_with_one_order: number;
    };
    readonly freshness: { readonly newest_order_at: string | null; readonly events_waiting: number };
  };
  readonly drift: {
    readonly products: Shift;
    readonly categories: Shift;
    readonly locations: Shift;
    readonly cold_start: { readonly new_customers: number; readonly new_products: number };
  } | null;
}

export interface Shift {
  readonly index: number;
}

export interface ModelQuality {
  readonly solutions: readonly Solution[];
}

export interface Solution {
  readonly solution: string;
  readonly versions: readonly Version[];
}

export interface Version {
  readonly solution_version_arn: string;
  readonly training_mode: string;
  readonly trained_at: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly judgement: {
    readonly candidate: ListQuality;
    readonly popular: ListQuality;
    readonly reason: string;
    readonly isNotWorse: boolean;
  } | null;
  readonly live_from: string | null;
  readonly live_until: string | null;
}

export interface ListQuality {
  readonly lists: number;
  readonly precision_at_10: MeanInterval;
  readonly recall_at_10: MeanInterval;
  readonly ndcg_at_10: MeanInterval;
}

export interface MeanInterval extends Interval {
  readonly mean: number;
}

export interface Diagnosis {
  readonly checks: readonly {
    readonly name: string;
    readonly state: "ok" | "warning" | "error";
    readonly detail: string;
    readonly advice?: string;
  }[];
}
