/** Items that arrive while a group is on its way form the next group: no timers, and a lone item does not wait. */
export interface GroupOptions<Item, Result> {
  /** Does the work of all items at once; results in the order of the items. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Groups on their way at once. */
  readonly concurrency: number;
  readonly maxItems: number;
  /** Items of the same name never share a group: the later one waits for the next. */
  readonly nameOf?: (item: Item) => string;
  /** Cost of an item (bytes), and how much of it a group may carry; a group always takes one item. */
  readonly weightOf?: (item: Item) => number;
  readonly maxWeight?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Returns a function that adds an item to the next group and resolves with its result. When a group fails, its items are tried one by one, so
 * that one bad item does not fail its neighbours; `run` must therefore do all or nothing.
 */
export function createGroupWork<Item, Result>(options: GroupOptions<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let underWay = 0;
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled || underWay >= options.concurrency || waiting.length === 0) return;
    scheduled = true;
    // After the poll phase: all requests that this turn of the event loop reads join in.
    setImmediate(() => {
      scheduled = false;
      const { group, rest } = takeGroup(waiting, options);
      waiting = rest;
      underWay++;
      void runGroup(group, options.run).finally(() => {
        underWay--;
        schedule();
      });
      schedule();
    });
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}

function takeGroup<Item, Result>(waiting: Waiting<Item, Result>[], options: GroupOptions<Item, Result>) {
  const { maxItems, nameOf, weightOf = () => 0, maxWeight = Number.POSITIVE_INFINITY } = options;
  const names = new Set<string>();
  const group: Waiting<Item, Result>[] = [];
  const rest: Waiting<Item, Result>[] = [];
  let weight = 0;
  for (const entry of waiting) {
    const name = nameOf?.(entry.item);
    const fits = group.length === 0 || (group.length < maxItems && weight + weightOf(entry.item) <= maxWeight);
    if (!fits || (name !== undefined && names.has(name))) {
      rest.push(entry);
    } else {
      group.push(entry);
      weight += weightOf(entry.item);
    }
    // Also of what waits: items of one name keep their order.
    if (name !== undefined) names.add(name);
  }
  return { group, rest };
}

async function runGroup<Item, Result>(
  group: readonly Waiting<Item, Result>[],
  run: GroupOptions<Item, Result>["run"],
): Promise<void> {
  try {
    const results = await run(group.map((entry) => entry.item));
    for (const [index, entry] of group.entries()) entry.resolve(results[index] as Result);
  } catch (error) {
    if (group.length === 1) group[0]?.reject(error);
    else for (const entry of group) await runGroup([entry], run);
  }
}
