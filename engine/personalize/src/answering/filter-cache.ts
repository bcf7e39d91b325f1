import { bindFilter, type FilterValues } from "../filters/bind-filter.ts";
import type { FilterAnswer } from "../filters/filter.ts";
import { openFilter } from "../filters/open-filter.ts";
import { parseFilter } from "../filters/parse-filter.ts";
import type { Catalogue } from "./catalogue.ts";

interface Opened {
  readonly catalogue: Catalogue;
  readonly answer: FilterAnswer;
}

/** What the masks of all filters may take: a byte for each item and filter. */
const MOST_MASK_BYTES = 64_000_000;
const MOST_FILTERS = 1000;

/** The filters of a recommender with their values, ready to be asked: each is opened once for every catalogue. */
export class FilterCache {
  readonly #catalogue: () => Catalogue;
  /** By expression, then by values. */
  readonly #opened = new Map<string, Map<string, Opened>>();
  #count = 0;

  constructor(catalogue: () => Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Throws FilterError in AWS's words for values that do not fit. */
  open(expression: string, values: FilterValues | undefined): FilterAnswer {
    const catalogue = this.#catalogue();
    const key = values === undefined ? "" : JSON.stringify(Object.entries(values).sort());
    const known = this.#opened.get(expression)?.get(key);
    if (known?.catalogue === catalogue) return known.answer;
    const answer = openFilter(bindFilter(parseFilter(expression), values), catalogue);
    const most = Math.min(MOST_FILTERS, Math.ceil(MOST_MASK_BYTES / Math.max(1, catalogue.ids.length)));
    if (known === undefined) this.#count += 1;
    // Beginning anew costs less than keeping an order for every request.
    if (this.#count > most) {
      this.#opened.clear();
      this.#count = 1;
    }
    const ofExpression = this.#opened.get(expression) ?? new Map<string, Opened>();
    this.#opened.set(expression, ofExpression.set(key, { catalogue, answer }));
    return answer;
  }
}
