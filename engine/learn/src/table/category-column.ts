import { DataError } from "../algorithm.ts";

/** A column with more distinct texts than this holds names or texts, not categories. */
const MAXIMUM_CATEGORIES = 1_000_000;

/** The distinct texts of a column in the order in which they came. */
export interface CategoryColumn {
  /** The number of a text, until `sortCategories` renumbers. */
  numberOf(text: string): number;
  /** The texts in sorted order (of UTF-16), and for each number given out the text's place in it. */
  sorted(): { readonly texts: readonly string[]; readonly places: Float32Array };
}

/** Throws DataError from `numberOf` when there are too many. */
export function createCategoryColumn(name: string): CategoryColumn {
  const numbers = new Map<string, number>();
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      if (numbers.size === MAXIMUM_CATEGORIES) {
        throw new DataError(`Column ${name} has more than ${MAXIMUM_CATEGORIES} distinct texts: no categories.`);
      }
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    sorted() {
      const texts = [...numbers.keys()].sort((a, b) => (a < b ? -1 : 1));
      const places = new Float32Array(texts.length);
      for (const [place, text] of texts.entries()) places[numbers.get(text) as number] = place;
      return { texts, places };
    },
  };
}

/**
 * Replaces the numbers given out by places in sorted order, in the columns of a dense matrix that have categories; returns their texts for each column,
 * or undefined when none has categories.
 */
export function sortCategories(
  categories: readonly (CategoryColumn | undefined)[],
  values: Float32Array,
): readonly (readonly string[] | undefined)[] | undefined {
  if (categories.every((column) => column === undefined)) return undefined;
  return categories.map((category, column) => {
    const sorted = category?.sorted();
    if (sorted === undefined) return undefined;
    for (let index = column; index < values.length; index += categories.length) {
      // A missing value is no number of a text and stays what it is.
      if (values[index] >= 0) values[index] = sorted.places[values[index]];
    }
    return sorted.texts;
  });
}
