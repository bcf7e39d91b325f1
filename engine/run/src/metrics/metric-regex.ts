/** A metric to be read from a job's log: AlgorithmSpecification.MetricDefinitions. */
export interface MetricDefinition {
  readonly name: string;
  /** As for Python's `re.search`; group 1 is the value. */
  readonly regex: string;
}

/** Compiles a metric's regular expression. Throws SyntaxError for what is none, or has no group. */
export function compileMetricRegex(regex: string): RegExp {
  const { source, flags } = translate(regex);
  const compiled = new RegExp(source, flags);
  // An alternative that matches the empty text shows how many groups there are.
  const groups = (new RegExp(`${source}|`, flags).exec("")?.length ?? 1) - 1;
  if (groups === 0) throw new SyntaxError(`Invalid regular expression: /${regex}/: it has no group for the value`);
  return compiled;
}

/** The first match's group 1 as a number; undefined when there is none. */
export function matchMetric(regex: RegExp, line: string): number | undefined {
  const text = regex.exec(line)?.[1];
  if (text === undefined || text === "") return undefined;
  // A tab appears as #011 in the log; a greedy \S+ runs over it into the next metric.
  const [first = ""] = text.trim().split("#011");
  const value = first === "" ? Number.NaN : Number(first);
  return Number.isFinite(value) ? value : undefined;
}

/** Python's spelling of what JavaScript spells otherwise: named groups, `\A`, `\Z` and flags in front. */
function translate(regex: string): { readonly source: string; readonly flags: string } {
  const [whole = "", inline = ""] = /^\(\?([ims]+)\)/.exec(regex) ?? [];
  const source = regex
    .slice(whole.length)
    .replace(/\\[\s\S]|\(\?P<|\(\?P=(\w+)\)/g, (token: string, name: string | undefined) => {
      if (token === String.raw`\A`) return String.raw`(?<![\s\S])`;
      if (token === String.raw`\Z`) return String.raw`(?![\s\S])`;
      if (token === "(?P<") return "(?<";
      return name === undefined ? token : String.raw`\k<${name}>`;
    });
  return { source, flags: [...new Set(inline)].join("") };
}
