/** Structured log lines; pino's loggers satisfy it. Never given bodies, parameters of statements or secrets. */
export interface Logger {
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** For callers that do not want to hear anything. */
export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };
