import { invalidPattern } from "./invalid-pattern.ts";
import { parseJsonPattern } from "./json-filter-pattern.ts";

/**
 * Filter patterns as the CloudWatch Logs guide describes them ("Filter pattern syntax"): terms that must all occur, `"quoted phrases"`, `-excluded`
 * terms, `?either ?or` terms; or `{ … }` over JSON messages. Terms match anywhere in the message, with regard to case.
 * Regular expressions (`%…%`) and space-delimited patterns (`[a, b]`) are refused with InvalidParameterException.
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.startsWith("{")) return parseJsonPattern(text);
  if (text.startsWith("[")) throw invalidPattern("space-delimited patterns are not supported by Rondo");
  const terms = parseTerms(text);
  const optional = terms.filter(({ kind }) => kind === "optional");
  if (optional.length > 0 && optional.length < terms.length)
    throw invalidPattern("?terms cannot be combined with other terms");
  if (optional.length > 0) return (message) => optional.some(({ term }) => message.includes(term));
  return (message) => terms.every(({ kind, term }) => message.includes(term) === (kind === "required"));
}

interface Term {
  readonly kind: "required" | "excluded" | "optional";
  readonly term: string;
}

const kinds = { "": "required", "-": "excluded", "?": "optional" } as const;

function parseTerms(text: string): Term[] {
  const terms: Term[] = [];
  // A sign, then a phrase in quotes (with \" inside) or a word; words may hold more than letters, which AWS allows in part only.
  const pattern = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"%]+))(?=\s|$)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null)
      throw invalidPattern(
        text.includes("%")
          ? "regular expressions are not supported by Rondo"
          : "a quotation mark is not closed or follows a word",
      );
    const [, sign = "", phrase, word = ""] = match;
    terms.push({ kind: kinds[sign as keyof typeof kinds], term: phrase?.replace(/\\(.)/g, "$1") ?? word });
  }
  return terms;
}
