/** About 30 bytes each with the names of their answers. */
const MOST_ITEMS = 1_000_000;
/** As many as an event may tell itself. */
const ITEMS_OF_ANSWER = 25;

/**
 * What the newest answers showed, by their recommendationIds: an event that names one tells what else its user saw. In memory alone, a million items: an answer of long ago or
 * of another process is not known.
 */
export class ShownItems {
  readonly #mostItems: number;
  /** The oldest first. */
  readonly #answers = new Map<string, readonly string[]>();
  #items = 0;

  constructor(mostItems = MOST_ITEMS) {
    this.#mostItems = mostItems;
  }

  remember(recommendationId: string, items: readonly { readonly itemId: string }[]): void {
    const shown = items.slice(0, ITEMS_OF_ANSWER).map(({ itemId }) => itemId);
    this.#answers.set(recommendationId, shown);
    this.#items += shown.length;
    for (const [oldest, itemIds] of this.#answers) {
      if (this.#items <= this.#mostItems) break;
      this.#answers.delete(oldest);
      this.#items -= itemIds.length;
    }
  }

  /** The first 25 items of an answer. */
  find(recommendationId: string): readonly string[] | undefined {
    return this.#answers.get(recommendationId);
  }
}
