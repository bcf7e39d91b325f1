/**
 * Puts promoted items among others: at places drawn at random, each kind in its own order, as AWS does.
 * https://docs.aws.amazon.com/personalize/latest/dg/promoting-items.html
 */
export function spreadPromoted<Item>(
  others: readonly Item[],
  promoted: readonly Item[],
  random: () => number,
): readonly Item[] {
  const total = others.length + promoted.length;
  const list: Item[] = [];
  let placed = 0;
  for (let place = 0; place < total; place += 1) {
    // Every subset of places is equally likely: Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.
    const isPromoted = random() * (total - place) < promoted.length - placed;
    list.push(isPromoted ? promoted[placed] : others[place - placed]);
    if (isPromoted) placed += 1;
  }
  return list;
}

/** Of a list of `count` items those that are promoted: at least the percentage. */
export function promotedCount(count: number, percent: number): number {
  return Math.ceil((count * percent) / 100);
}
