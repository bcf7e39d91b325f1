import { type Clock, systemClock } from "../clock.ts";
import { createGroupWork } from "../objects/group-work.ts";
import type { Sql } from "../sql.ts";
import { createItemChanges } from "./item-changes.ts";
import { createItemIndexes } from "./item-indexes.ts";
import { readItemPage } from "./item-pages.ts";
import { findItems, type ItemRow, staleTable } from "./item-rows.ts";
import { createItemTransactions } from "./item-transactions.ts";
import type { ItemRef, Items } from "./items.ts";

/** Lookups of one statement, and statements on their way at once. */
const GROUP_ITEMS = 64;
const GROUPS = 2;

/** Items in PostgreSQL: small ones share a commit, and everything that must hold together is one statement or one transaction. */
export function createItems({ sql, clock = systemClock }: { readonly sql: Sql; readonly clock?: Clock }): Items {
  const findInGroup = createGroupWork<ItemRef, ItemRow | undefined | "stale">({
    concurrency: GROUPS,
    maxItems: GROUP_ITEMS,
    run: (items) => findItems(sql, items),
  });
  return {
    async find(item) {
      const found = await findInGroup(item);
      if (found === "stale") throw staleTable(item);
      return found?.value;
    },
    async findTogether(items) {
      const found = await findItems(sql, items);
      return found.map((row, place) => {
        if (row === "stale") throw staleTable(items[place] as ItemRef);
        return row?.value;
      });
    },
    ...createItemChanges({ sql }),
    ...createItemTransactions({ sql, clock }),
    page: (query) => readItemPage(sql, query),
    ...createItemIndexes({ sql }),
  };
}
