import type { ReactElement } from "react";
import { useHash } from "./use-hash.ts";

/** The pages by their address. */
const PAGES: readonly { readonly path: string; readonly title: string; readonly page: () => ReactElement }[] = [];

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
      <main>{current?.page()}</main>
    </>
  );
}
