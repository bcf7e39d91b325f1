import type { ReactElement } from "react";
import { QualityPage } from "./quality/quality-page.tsx";
import { RegionPage } from "./regions/region-page.tsx";
import { ShopPage } from "./shop/shop-page.tsx";
import { useHash } from "./use-hash.ts";

/** The pages by their address. */
const PAGES: readonly { readonly path: string; readonly title: string; readonly Page: () => ReactElement }[] = [
  { path: "/", title: "Shop", Page: ShopPage },
  { path: "/regions", title: "Regions", Page: RegionPage },
  { path: "/quality", title: "Quality", Page: QualityPage },
];

export function App(): ReactElement {
  const hash = useHash();
  const current = PAGES.find(({ path }) => path === hash) ?? PAGES[0];
  return (
    <>
      <header className="bar">
        <strong>Rondo recommendations</strong>
        <nav>
          {PAGES.map(({ path, title }) => (
            <a key={path} href={`#${path}`} aria-current={path === current?.path ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main>{current !== undefined && <current.Page key={current.path} />}</main>
    </>
  );
}
