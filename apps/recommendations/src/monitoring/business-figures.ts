import { type Interval, wilsonInterval } from "@rondo/statistics";
import type { Database } from "../database/database.ts";

/** What recommendations have led to (P-37), for one variant of an experiment or for all. */
export interface BusinessFigures {
  readonly variant: string | null;
  /** Lists that were shown. */
  readonly shown: number;
  /** Users who saw one. */
  readonly users: number;
  /** Lists of which something was clicked ÷ lists, with the Wilson 95 % interval. */
  readonly click_through_rate: Rate;
  /** Users who bought something that they had been shown ÷ users. */
  readonly conversion_rate: Rate;
  /** What these purchases came to. Bought after seen, not because of it: only an experiment tells that. */
  readonly revenue: number;
}

export interface Rate extends Interval {
  readonly successes: number;
  readonly trials: number;
  readonly rate: number | null;
}

/** A purchase later than that is not counted to what was shown. */
export const CONVERSION_DAYS = 7;

/** Figures of what was shown since a time, by variant where `byVariant`, else in one row. */
export async function readBusinessFigures(
  database: Pick<Database, "query">,
  { since, byVariant }: { readonly since: Date; readonly byVariant: boolean },
): Promise<BusinessFigures[]> {
  const rows = await database.query<{
    variant: string | null;
    shown: number;
    users: number;
    clicked: number;
    converted: number;
    revenue: number;
  }>(
    `with shown as (
       select recommendation_id, user_id, case when $2 then variant end as variant, product_ids, shown_at
       from recommendations.shown_recommendations where shown_at >= $1 and (not $2 or variant is not null)
     ), bought as (
       select distinct shown.variant, shown.user_id, item.order_id, item.line_number, item.quantity * item.unit_price as amount
       from shown join recommendations.orders on unified_customer_id = user_id and ordered_at > shown_at
         and ordered_at <= shown_at + interval '${CONVERSION_DAYS} days'
       join recommendations.order_items as item using (order_id)
       where shown.product_ids ? item.product_id
     )
     select shown.variant, count(*)::integer as shown, count(distinct user_id)::integer as users,
       count(*) filter (where exists (
         select 1 from recommendations.clicks where clicks.recommendation_id = shown.recommendation_id))::integer as clicked,
       (select count(distinct user_id)::integer from bought where bought.variant is not distinct from shown.variant) as converted,
       coalesce((select sum(amount) from bought where bought.variant is not distinct from shown.variant), 0)::double precision as revenue
     from shown group by shown.variant order by shown.variant`,
    [since, byVariant],
  );
  return rows.map(({ variant, shown, users, clicked, converted, revenue }) => ({
    variant,
    shown,
    users,
    click_through_rate: rateOf(clicked, shown),
    conversion_rate: rateOf(converted, users),
    revenue,
  }));
}

function rateOf(successes: number, trials: number): Rate {
  return { successes, trials, rate: trials === 0 ? null : successes / trials, ...wilsonInterval(successes, trials) };
}
