import { awsError } from "@rondo/wire";

/** The largest page that AWS allows; also what a request gets that does not say how many. The Python SDK's `list_steps` reads one page only. */
const MAX_PAGE = 100;

/** One page of a list that is in memory. The token is the number of items before the page. Throws ValidationException for another's token. */
export function pageOf<Item>(
  items: readonly Item[],
  {
    MaxResults: limit = MAX_PAGE,
    NextToken: token,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly Item[]; readonly nextToken: string | undefined } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0 || start > items.length) {
    throw awsError("ValidationException", "The value of NextToken is not one that this List operation returned.");
  }
  const end = start + limit;
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}
