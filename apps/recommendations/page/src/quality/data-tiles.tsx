import type { ReactElement } from "react";
import { count, percent, time } from "../format.ts";
import type { DataQuality } from "./quality-api.ts";
import { Tile } from "./tile.tsx";

/** What came in, what was put aside, who is covered, and whether people buy otherwise than before. */
export function DataTiles({ quality: { now, drift } }: { readonly quality: DataQuality }): ReactElement {
  const { coverage, freshness } = now;
  const reasons = Object.entries(now.quarantined_by_reason).map(
    ([reason, lines]) => `${reason.replaceAll("_", " ")} ${count(lines)}`,
  );
  return (
    <div className="tiles">
      <Tile name="Order lines" value={count(now.lines)} />
      <Tile name="In quarantine" value={count(now.quarantined)} note={reasons.join(", ")} />
      <Tile name="Without customer or product" value={percent(now.missing)} />
      <Tile name="Twice" value={percent(now.duplicate)} />
      <Tile name="Unusual" value={percent(now.outlier)} />
      <Tile
        name="Products recommended"
        value={percent(coverage.recommended_share)}
        note={`${count(coverage.products_bought_recently)} of ${count(coverage.products)} bought in 90 days`}
      />
      <Tile
        name="Active customers with a list"
        value={percent(coverage.cached_share)}
        note={`of ${count(coverage.active_customers)}; ${count(coverage.customers_with_one_order)} have one order only`}
      />
      <Tile
        name="Newest order"
        value={freshness.newest_order_at === null ? "–" : time(freshness.newest_order_at)}
        note={`${count(freshness.events_waiting)} events wait`}
      />
      {drift !== null && (
        <>
          <Tile name="Drift of products" value={drift.products.index.toFixed(3)} note="population stability index" />
          <Tile name="Drift of categories" value={drift.categories.index.toFixed(3)} />
          <Tile name="Drift of regions" value={drift.locations.index.toFixed(3)} />
          <Tile
            name="Cold start"
            value={percent(drift.cold_start.new_customers)}
            note={`lines of new customers; of new products ${percent(drift.cold_start.new_products)}`}
          />
        </>
      )}
    </div>
  );
}
