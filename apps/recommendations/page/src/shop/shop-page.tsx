import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { type Product, tell } from "../api.ts";
import { Catalogue } from "./catalogue.tsx";
import { Companions } from "./companions.tsx";
import { CustomerPicker } from "./customer-picker.tsx";
import { History } from "./history.tsx";
import { Offers } from "./offers.tsx";

/** Personalize has counted a purchase by then, or, when much else is going on, by the second. */
const COUNTED_AFTER_MS = [1_500, 5_000] as const;

/** The shop: a customer is picked, sees offers with reasons, buys, and sees the next answer change. */
export function ShopPage(): ReactElement {
  const [userId, setUserId] = useState<string>();
  const [product, setProduct] = useState<Product>();
  const queries = useQueryClient();
  const buying = useMutation({
    mutationFn: (productId: string) =>
      tell<{ readonly order_id: string }>("/purchases", { user_id: userId, lines: [{ product_id: productId }] }),
    onSuccess: async () => {
      for (const delay of COUNTED_AFTER_MS) {
        setTimeout(() => void queries.invalidateQueries({ queryKey: ["offers", userId] }), delay);
      }
      await queries.invalidateQueries({ queryKey: ["customer", userId] });
    },
  });
  const isBuying = buying.isPending || userId === undefined;
  return (
    <div className="columns">
      <div>
        <CustomerPicker chosen={userId} onChoose={setUserId} />
        {userId !== undefined && <History userId={userId} />}
      </div>
      <div>
        {buying.error !== null && (
          <p className="failure" role="alert">
            {buying.error.message}
          </p>
        )}
        {userId === undefined ? (
          <section className="panel">
            <h2>Offers</h2>
            <p className="faint">Pick a customer, or type any id to be somebody new.</p>
          </section>
        ) : (
          <Offers userId={userId} onBuy={buying.mutate} isBuying={isBuying} />
        )}
      </div>
      <div>
        <Catalogue chosen={product?.product_id} onChoose={setProduct} onBuy={buying.mutate} isBuying={isBuying} />
        {product !== undefined && <Companions product={product} />}
      </div>
    </div>
  );
}
