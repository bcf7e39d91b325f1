import { useSyncExternalStore } from "react";

/** Which page is shown, as the address says after its `#`: `/regions`. The empty one is `/`. */
export function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => window.location.hash.replace(/^#/, "") || "/",
  );
}
