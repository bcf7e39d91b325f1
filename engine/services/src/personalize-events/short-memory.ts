export interface ShortMemoryOptions {
  readonly clock: { now(): Date };
  /** How long what was found is used without another look. */
  readonly keptMs: number;
  /** When there is more, all is forgotten. */
  readonly capacity: number;
}

/** Looks a thing up once for all who ask within a while. What fails is not remembered. */
export type ShortMemory<Thing> = (key: string, find: () => Promise<Thing>) => Promise<Thing>;

export function createShortMemory<Thing>({ clock, keptMs, capacity }: ShortMemoryOptions): ShortMemory<Thing> {
  const kept = new Map<string, { readonly until: number; readonly thing: Promise<Thing> }>();
  return (key, find) => {
    const now = clock.now().getTime();
    const known = kept.get(key);
    if (known !== undefined && now < known.until) return known.thing;
    const thing = find();
    if (kept.size >= capacity) kept.clear();
    kept.set(key, { until: now + keptMs, thing });
    thing.catch(() => kept.delete(key));
    return thing;
  };
}
