/**
 * A value that is known only when a pipeline runs: a parameter, an execution variable, a property of an earlier step, or a function of these.
 * It stands in a step's arguments where a plain value would; writing the definition as JSON writes what it stands for.
 */
export class Expression {
  readonly #form: object;

  /** @param form What stands in the pipeline definition: `{ "Get": "Parameters.InputData" }`. */
  constructor(form: object) {
    this.#form = form;
  }

  toJSON(): object {
    return this.#form;
  }
}

/** A plain value, or one that is known when the pipeline runs. */
export type Value<Plain> = Plain | Expression;

/** A request in whose members expressions may stand. */
export type Expressible<Request> = Request extends string | number | boolean | Date | undefined
  ? Value<Request>
  : Request extends readonly (infer Element)[]
    ? readonly Expressible<Element>[]
    : Request extends object
      ? { readonly [Member in keyof Request]: Expressible<Request[Member]> }
      : Value<Request>;

/**
 * The request as it is, once it is certain that no expression stands in it: outside a pipeline nothing would give it a value.
 * @throws Error that names the member.
 */
export function requirePlain<Request>(request: Expressible<Request>): Request {
  const path = pathOfExpression(request, "");
  if (path === undefined) return request as Request;
  throw new Error(`${path} is a value of a pipeline: it is known only in a pipeline's step, not outside.`);
}

function pathOfExpression(value: unknown, path: string): string | undefined {
  if (value instanceof Expression) return path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [member, inner] of Object.entries(value)) {
    const found = pathOfExpression(inner, path === "" ? member : `${path}.${member}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
