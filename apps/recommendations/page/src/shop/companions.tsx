import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { type Answer, ask, type Bundle, type Product } from "../api.ts";
import { Asked } from "../asked.tsx";
import { money } from "../format.ts";

/** What is similar to a product, and what is bought together with it. */
export function Companions({ product }: { readonly product: Product }): ReactElement {
  const id = encodeURIComponent(product.product_id);
  const similar = useQuery({
    queryKey: ["similar", product.product_id],
    queryFn: () => ask<Answer>(`/recommendations/products/${id}/similar`, { num_results: "5" }),
  });
  const bundles = useQuery({
    queryKey: ["bundles", product.product_id],
    queryFn: () => ask<{ readonly bundles: readonly Bundle[] }>(`/products/${id}/bundles`),
  });
  return (
    <section className="panel" aria-label="Companions">
      <h2 className="cut">{product.product_name}</h2>
      <h3>Similar</h3>
      <Asked query={similar} what="similar products">
        {({ recommendations }) => (
          <ul className="plain">
            {recommendations.map(({ product_id, product_name, price }) => (
              <li key={product_id}>
                {product_name} <span className="faint">{money(price)}</span>
              </li>
            ))}
          </ul>
        )}
      </Asked>
      <h3>Bought together</h3>
      <Asked query={bundles} what="bundles">
        {(answer) =>
          answer.bundles.length === 0 ? (
            <p className="faint">Too few orders have it together with anything else.</p>
          ) : (
            <ul className="plain">
              {answer.bundles.map(({ product_id, product_name, lift, orders_together }) => (
                <li key={product_id}>
                  {product_name}{" "}
                  <span className="faint">
                    {lift.toFixed(1)} times as often as by chance, in {orders_together} orders
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </section>
  );
}
