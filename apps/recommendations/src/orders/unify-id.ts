import { MOST_ID_CHARACTERS } from "./company-order.ts";

/** What spreadsheets and data frames make of an integer id that shares its column with blanks. */
const PRINTED_AS_FRACTION = /^(\d+)\.0+$/;

/**
 * The one id of a customer whom systems write differently (P-17): ` 12680.0 `, `12680` and the number 12680 are the same, and so are `ANN@EXAMPLE.ORG`
 * and `ann@example.org`. Undefined for what is no id.
 */
export function unifyCustomerId(id: string | number | null | undefined): string | undefined {
  return tidy(id)?.toLowerCase();
}

/** The one id of a product: `85123a` and `85123A` are the same. Undefined for what is no id. */
export function unifyProductId(id: string | null | undefined): string | undefined {
  return tidy(id)?.toUpperCase();
}

function tidy(id: string | number | null | undefined): string | undefined {
  if (id === null || id === undefined) return undefined;
  const text = String(id).normalize("NFKC").replaceAll(/\s+/g, " ").trim().replace(PRINTED_AS_FRACTION, "$1");
  const isId = text !== "" && text.length <= MOST_ID_CHARACTERS && !/^(null|none|nan|undefined)$/i.test(text);
  return isId ? text : undefined;
}
