/** The first items of a sequence, and all of it. */
export async function peek<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  count: number,
): Promise<{ readonly first: readonly Item[]; readonly all: AsyncIterable<Item> }> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const first: Item[] = [];
  let next = await iterator.next();
  while (next.done !== true) {
    first.push(next.value);
    if (first.length === count) break;
    next = await iterator.next();
  }
  return { first, all: rejoined(first, iterator) };
}

async function* rejoined<Item>(
  first: readonly Item[],
  iterator: Iterator<Item> | AsyncIterator<Item>,
): AsyncGenerator<Item> {
  yield* first;
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
