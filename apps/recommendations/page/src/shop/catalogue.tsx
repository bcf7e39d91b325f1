import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { ask, type Product } from "../api.ts";
import { money } from "../format.ts";
import { useDelayed } from "../use-delayed.ts";

/** Rows that are fetched at once: some screens full. */
const PAGE = 200;
const ROW_HEIGHT = 40;

interface CatalogueProps {
  readonly chosen: string | undefined;
  readonly onChoose: (product: Product) => void;
  readonly onBuy: (productId: string) => void;
  readonly isBuying: boolean;
}

/** All products: what is seen is drawn, what is scrolled to is fetched, so that their number does not matter. */
export function Catalogue({ chosen, onChoose, onBuy, isBuying }: CatalogueProps): ReactElement {
  const [typed, setTyped] = useState("");
  const search = useDelayed(typed.trim());
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["products", search],
    queryFn: ({ pageParam }) =>
      ask<{ readonly products: readonly Product[] }>("/products", {
        search,
        limit: String(PAGE),
        ...(pageParam !== "" && { after: pageParam }),
      }),
    initialPageParam: "",
    getNextPageParam: ({ products }) => (products.length < PAGE ? undefined : products.at(-1)?.product_id),
  });
  const products = data?.pages.flatMap((page) => page.products) ?? [];
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: products.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const items = rows.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastSeen >= products.length - PAGE / 2) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, lastSeen, products.length, fetchNextPage]);
  return (
    <section className="panel" aria-label="Products">
      <h2>Products</h2>
      <input
        type="search"
        value={typed}
        placeholder="Name or id"
        aria-label="Product"
        onChange={({ target }) => setTyped(target.value)}
      />
      {error !== null && <p className="failure">{error.message}</p>}
      <div className="scroll" ref={scroll}>
        <div style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <ProductRow
              key={products[index]?.product_id ?? index}
              product={products[index]}
              top={start}
              isChosen={products[index]?.product_id === chosen}
              {...{ onChoose, onBuy, isBuying }}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

interface ProductRowProps extends Omit<CatalogueProps, "chosen"> {
  readonly product: Product | undefined;
  readonly top: number;
  readonly isChosen: boolean;
}

function ProductRow({ product, top, isChosen, onChoose, onBuy, isBuying }: ProductRowProps): ReactElement | null {
  if (product === undefined) return null;
  const { product_id, product_name, price } = product;
  return (
    <div className="row" style={{ top, height: ROW_HEIGHT }}>
      <button className="choice cut" type="button" aria-pressed={isChosen} onClick={() => onChoose(product)}>
        {product_name}
      </button>
      <span className="faint">{money(price)}</span>
      <button type="button" disabled={isBuying} onClick={() => onBuy(product_id)} aria-label={`Buy ${product_name}`}>
        Buy
      </button>
    </div>
  );
}
