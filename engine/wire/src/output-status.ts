const status = Symbol("rondo.output-status");

/** Sets the HTTP status of an answer where the API has several: `withStatus(output, 206)` for a GetObject with a range. */
export function withStatus<Output extends object>(output: Output, code: number): Output {
  Object.defineProperty(output, status, { value: code, enumerable: false, configurable: true });
  return output;
}

/** The status that a handler chose for its output. */
export function outputStatus(output: unknown): number | undefined {
  return typeof output === "object" && output !== null ? (output as { [status]?: number })[status] : undefined;
}
