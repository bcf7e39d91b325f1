import { expressionError } from "./expression-error.ts";
import { isReservedWord } from "./reserved-words.ts";
import type { DocumentPath, ExpressionKind, Operand, ParsedExpression } from "./syntax-tree.ts";
import { readTokens, syntaxError, type Token } from "./tokens.ts";

/** Operators and functions of an expression. */
const MAX_OPERATORS = 300;
/** Nested parentheses, functions and NOTs: far more than an expression of 4 KB needs, and few enough for the stack. */
const MAX_DEPTH = 128;
const MAX_LIST_POSITION = 2 ** 31 - 1;

/** Reads what all grammars have in common, and notes placeholders and paths on the way. */
export class TokenReader {
  readonly kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #operators = 0;
  #names: string[] = [];
  #values: string[] = [];
  #paths: DocumentPath[] = [];

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#text = text;
    this.#tokens = readTokens(kind, text);
  }

  get token(): Token {
    return this.#tokens[this.#at] as Token;
  }

  /** Whether the token is this symbol, or this keyword in any case. */
  is(text: string): boolean {
    const { kind, text: found } = this.token;
    return (kind === "symbol" && found === text) || this.isKeyword(text);
  }

  isKeyword(word: string): boolean {
    return this.token.kind === "identifier" && this.token.text.toUpperCase() === word;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail();
  }

  next(): Token {
    return this.#tokens[this.#at++] as Token;
  }

  fail(): never {
    const token = this.token;
    throw syntaxError(this.kind, this.#text, {
      previous: this.#tokens[this.#at - 1],
      token,
      next: this.#tokens[this.#at + 1],
    });
  }

  refuse(detail: string): never {
    throw expressionError(this.kind, detail);
  }

  /** Runs one level deeper. */
  nested<Result>(read: () => Result): Result {
    if (++this.#depth > MAX_DEPTH) this.refuse("The expression is nested too deeply;");
    const result = read();
    this.#depth--;
    return result;
  }

  countOperator(): void {
    if (++this.#operators > MAX_OPERATORS) {
      this.refuse(
        `The expression contains too many operators; operator count: ${this.#operators}, maximum: ${MAX_OPERATORS}`,
      );
    }
  }

  /** What `read` reads, or undefined and as if nothing had been read, when it is something else. */
  attempt<Result>(read: () => Result | undefined): Result | undefined {
    const { at, depth, operators } = { at: this.#at, depth: this.#depth, operators: this.#operators };
    const counts = [this.#names.length, this.#values.length, this.#paths.length] as const;
    const undo = (): undefined => {
      this.#at = at;
      this.#depth = depth;
      this.#operators = operators;
      this.#names.length = counts[0];
      this.#values.length = counts[1];
      this.#paths.length = counts[2];
    };
    try {
      return read() ?? undo();
    } catch {
      return undo();
    }
  }

  readPath(): DocumentPath {
    const path: [string, ...(string | number)[]] = [this.#readName()];
    for (;;) {
      if (this.take(".")) path.push(this.#readName());
      else if (this.take("[")) {
        if (this.token.kind !== "number") this.fail();
        const position = Number(this.next().text);
        if (position > MAX_LIST_POSITION)
          this.refuse(`List index is not within the allowable range; index: [${position}]`);
        this.expect("]");
        path.push(position);
      } else break;
    }
    this.#paths.push(path);
    return path;
  }

  readValueName(): Operand & { kind: "value" } {
    if (this.token.kind !== "value") this.fail();
    const name = this.next().text;
    this.#values.push(name);
    return { kind: "value", name };
  }

  /** A path, a value, or a function of operands, with or without parentheses around it. */
  readOperand(): Operand {
    if (this.take("(")) {
      const operand = this.nested(() => this.readOperand());
      this.expect(")");
      return operand;
    }
    if (this.token.kind === "value") return this.readValueName();
    const after = this.#tokens[this.#at + 1];
    if (this.token.kind === "identifier" && after?.text === "(") return { kind: "function", ...this.readFunction() };
    return { kind: "path", path: this.readPath() };
  }

  readFunction(): { name: string; operands: readonly Operand[] } {
    this.countOperator();
    const name = this.next().text;
    this.expect("(");
    const operands = this.is(")") ? [] : this.nested(() => this.readList(() => this.readOperand()));
    this.expect(")");
    return { name, operands };
  }

  readList<Element>(read: () => Element): Element[] {
    const elements = [read()];
    while (this.take(",")) elements.push(read());
    return elements;
  }

  finish<Tree>(tree: Tree): ParsedExpression<Tree> {
    if (this.token.kind !== "end") this.fail();
    return { kind: this.kind, tree, names: this.#names, values: this.#values, paths: this.#paths };
  }

  #readName(): string {
    const { kind, text } = this.token;
    if (kind !== "identifier" && kind !== "name") this.fail();
    if (kind === "identifier" && isReservedWord(text)) {
      this.refuse(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
    }
    if (kind === "name") this.#names.push(text);
    this.#at++;
    return text;
  }
}
