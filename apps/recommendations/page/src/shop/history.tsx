import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { ApiError, ask, type Customer, type Purchase } from "../api.ts";
import { Asked } from "../asked.tsx";
import { day } from "../format.ts";

const SHOWN = 8;

/** What the customer bought last. */
export function History({ userId }: { readonly userId: string }): ReactElement {
  const query = useQuery({
    queryKey: ["customer", userId],
    queryFn: async () => {
      try {
        return await ask<Customer & { readonly purchases: readonly Purchase[] }>(
          `/customers/${encodeURIComponent(userId)}`,
        );
      } catch (error) {
        // Somebody new has bought nothing yet.
        if (error instanceof ApiError && error.status === 404) return { purchases: [] };
        throw error;
      }
    },
  });
  return (
    <section className="panel" aria-label="Purchases">
      <h2>Bought last</h2>
      <Asked query={query} what="the purchases">
        {({ purchases }) =>
          purchases.length === 0 ? (
            <p className="faint">Nothing yet.</p>
          ) : (
            <ul className="plain">
              {purchases.slice(0, SHOWN).map(({ order_id, product_id, product_name, quantity, ordered_at }) => (
                <li key={`${order_id} ${product_id}`}>
                  {quantity} × {product_name} <span className="faint">{day(ordered_at)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </section>
  );
}
