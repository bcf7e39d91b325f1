/** What a service answers instead of a result: an HTTP status, a code for programs and a sentence for people. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
  }
}

/** The one form of every error: `{ "error": { "code", "message" } }`. Texts of requests are in none of them, and in no log. */
export function errorBody(code: string, message: string) {
  return { error: { code, message } };
}

export const ERROR_SCHEMA = {
  description: "What went wrong",
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        code: { type: "string", description: "For programs" },
        message: { type: "string", description: "For people: what is wrong and what to do" },
      },
    },
  },
} as const;

/** The `response` of a route's schema: what it answers when all is well, and the one form of errors for everything else. */
export function answers<const Schemas extends Readonly<Record<number, object>>>(schemas: Schemas) {
  return { ...schemas, "4xx": ERROR_SCHEMA, "5xx": ERROR_SCHEMA };
}
