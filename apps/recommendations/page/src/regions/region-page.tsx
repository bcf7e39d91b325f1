import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { ask, type Interval, type Region, type RegionalView } from "../api.ts";
import { Asked } from "../asked.tsx";
import { count, time } from "../format.ts";

/** What the customers of a region are offered, by a random sample of them. */
export function RegionPage(): ReactElement {
  const [chosen, setChosen] = useState<string>();
  const [size, setSize] = useState("");
  const regions = useQuery({
    queryKey: ["regions"],
    queryFn: () => ask<{ readonly regions: readonly Region[] }>("/regions"),
  });
  const location = chosen ?? regions.data?.regions[0]?.location;
  return (
    <section className="panel" aria-label="Regions">
      <h2>Regions</h2>
      <Asked query={regions} what="the regions">
        {(answer) => (
          <>
            <label>
              Region{" "}
              <select value={location} onChange={({ target }) => setChosen(target.value)}>
                {answer.regions.map((region) => (
                  <option key={region.location} value={region.location}>
                    {region.location} ({count(region.active_customers)} active)
                  </option>
                ))}
              </select>
            </label>{" "}
            <label>
              Sample{" "}
              <select value={size} onChange={({ target }) => setSize(target.value)}>
                <option value="">as configured</option>
                <option value="50">50</option>
                <option value="500">500</option>
                <option value="0">all</option>
              </select>
            </label>
          </>
        )}
      </Asked>
      {location !== undefined && <RegionTable key={location} location={location} size={size} />}
    </section>
  );
}

function RegionTable({ location, size }: { readonly location: string; readonly size: string }): ReactElement {
  const query = useQuery({
    queryKey: ["region", location, size],
    queryFn: () =>
      ask<RegionalView>(`/regions/${encodeURIComponent(location)}`, {
        limit: "50",
        ...(size !== "" && { sample_size: size }),
      }),
  });
  return (
    <Asked query={query} what="the region">
      {({ sample, products }) => (
        <>
          <p className="faint">
            {count(sample.n)} of {count(sample.active_users)} active customers, drawn with seed {sample.seed} on{" "}
            {time(sample.sampled_at)}; {count(sample.with_recommendations)} of them have a list. Bars are 95 %
            intervals.
          </p>
          {products.length === 0 && (
            <p className="notice">
              No list is in the cache yet: the first batch run fills it after the first training.
            </p>
          )}
          <table>
            <thead>
              <tr>
                <th>Product</th>
                <th className="number">Received by</th>
                <th>Match rate</th>
                <th>Affinity</th>
              </tr>
            </thead>
            <tbody>
              {products.map((product) => (
                <RegionRow key={product.product_id} product={product} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </Asked>
  );
}

function RegionRow({ product }: { readonly product: RegionalView["products"][number] }): ReactElement {
  const { product_name, matched, n, match_rate, interval, affinity, borderline } = product;
  return (
    <tr>
      <td>{product_name}</td>
      <td className="number">
        {matched} of {n}
      </td>
      <td>
        <IntervalBar rate={match_rate} interval={interval} />
      </td>
      <td className={`level-${affinity}`}>
        {affinity}
        {borderline && <span className="faint"> borderline</span>}
      </td>
    </tr>
  );
}

/** Per cent from 0 to 100. */
function IntervalBar({ rate, interval }: { readonly rate: number; readonly interval: Interval }): ReactElement {
  const text = `${rate.toFixed(1)} % (${interval.low.toFixed(1)} to ${interval.high.toFixed(1)})`;
  return (
    <div className="interval" role="img" aria-label={text} title={text}>
      <span style={{ left: `${interval.low}%`, width: `${interval.high - interval.low}%` }} />
      <b style={{ left: `${rate}%` }} />
    </div>
  );
}
