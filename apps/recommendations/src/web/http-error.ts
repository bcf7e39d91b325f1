/** What a route answers instead of a result. */
export class HttpError extends Error {
  readonly status: number;
  /** For programs: `UnknownProduct`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
  }
}

const ERROR = {
  description: "What is wrong and what to do",
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" } },
    },
  },
} as const;

/** The `response` of a route: what it answers when all is well, and the one form of errors. */
export function answering<const Schema extends object>(schema: Schema, status = 200) {
  return { [status]: schema, "4xx": ERROR, "5xx": ERROR };
}
