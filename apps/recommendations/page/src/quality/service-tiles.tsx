import type { ReactElement } from "react";
import { count, money, percent } from "../format.ts";
import type { Monitoring, Rate } from "./quality-api.ts";
import { Tile } from "./tile.tsx";

/** How answers were given, and what customers did with them. */
export function ServiceTiles({ monitoring: { answers, business } }: { readonly monitoring: Monitoring }): ReactElement {
  const sources = Object.entries(answers.by_source).map(([source, n]) => `${source.replaceAll("_", " ")} ${count(n)}`);
  return (
    <div className="tiles">
      <Tile name="Answers" value={count(answers.answers)} note={sources.join(", ")} />
      <Tile name="Failed" value={count(answers.failures)} />
      <Tile name="From the cache" value={percent(answers.cache_hit_rate)} note="target above 95 %" />
      <Tile name="Calls saved" value={percent(answers.saved_calls)} note="computed beforehand" />
      <Tile name="Latency, p99" value={milliseconds(answers.cached_p99_ms)} note="from the cache, at most" />
      {business !== null && (
        <>
          <Tile
            name="Click-through"
            value={percent(business.click_through_rate.rate)}
            note={rangeOf(business.click_through_rate)}
          />
          <Tile
            name="Conversion"
            value={percent(business.conversion_rate.rate)}
            note={rangeOf(business.conversion_rate)}
          />
          <Tile name="Revenue" value={money(business.revenue)} note="bought within 7 days after it was shown" />
        </>
      )}
    </div>
  );
}

function milliseconds(value: number | null): string {
  return value === null ? "–" : `${value} ms`;
}

function rangeOf({ rate, low, high, trials }: Rate): string {
  return rate === null ? "nothing was shown" : `${percent(low)} to ${percent(high)}, n = ${count(trials)}`;
}
