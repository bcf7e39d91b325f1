import {
  bindFilter,
  type Catalogue,
  type FilterAnswer,
  FilterError,
  openFilter,
  parseFilter,
  type Recommender,
} from "@rondo/personalize";
import { CampaignError } from "./campaign-error.ts";

/** A filter as a request names it. */
export interface FilterRef {
  readonly arn: string;
  readonly values?: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly expression: string;
  readonly catalogue: Catalogue;
  readonly answer: FilterAnswer;
}

/** What masks of all compiled filters of a campaign may take: a byte for each item and filter. */
const MOST_MASK_BYTES = 64_000_000;
const MOST_FILTERS = 1000;

/** A campaign's filters with their values, ready to be asked: compiled once for each catalogue. */
export class CampaignFilters {
  readonly #recommender: Pick<Recommender, "catalogue">;
  readonly #compiled = new Map<string, Compiled>();

  constructor(recommender: Pick<Recommender, "catalogue">) {
    this.#recommender = recommender;
  }

  /** Throws CampaignError InvalidInput in AWS's words for values that do not fit. */
  open({ arn, values }: FilterRef, expression: string): FilterAnswer {
    const key = values === undefined ? arn : `${arn} ${JSON.stringify(Object.entries(values).sort())}`;
    const catalogue = this.#recommender.catalogue();
    const known = this.#compiled.get(key);
    if (known?.catalogue === catalogue && known.expression === expression) {
      return known.answer;
    }
    const compiled = { expression, catalogue, answer: compile(expression, values, catalogue) };
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    const most = Math.min(MOST_FILTERS, Math.ceil(MOST_MASK_BYTES / Math.max(1, catalogue.ids.length)));
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size <= most) break;
      this.#compiled.delete(oldest);
    }
    return compiled.answer;
  }
}

function compile(expression: string, values: FilterRef["values"], catalogue: Catalogue): FilterAnswer {
  try {
    return openFilter(bindFilter(parseFilter(expression), values), catalogue);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new CampaignError("InvalidInput", error.message, { cause: error });
  }
}
