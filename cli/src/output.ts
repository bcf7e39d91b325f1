import { type Column, formatTable } from "./table.ts";

/** Where results go, and in which form. */
export interface Output {
  readonly isTerminal: boolean;
  /** Writes text as it is. */
  write(text: string): void;
  /** One result: `human` on its own, or `value` as JSON with --json. */
  result(value: unknown, human: string): void;
  /** Many results: a table, or a JSON list with --json. `empty` is what is said when there is none, on a terminal. */
  rows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): void;
  bold(text: string): string;
  red(text: string): string;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** `json` is the --json option. Colours: on a terminal without NO_COLOR (https://no-color.org). */
export function createOutput(
  stream: OutputStream,
  options: { readonly json: boolean; readonly environment: NodeJS.ProcessEnv },
): Output {
  const isTerminal = stream.isTTY === true && !options.json;
  const hasColour = isTerminal && !options.environment.NO_COLOR && options.environment.TERM !== "dumb";
  const paint = (code: number) => (text: string) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const writeJson = (value: unknown) => stream.write(`${JSON.stringify(value, null, 2)}\n`);
  const output: Output = {
    isTerminal,
    write: (text) => void stream.write(text),
    result: (value, human) => void (options.json ? writeJson(value) : stream.write(`${human}\n`)),
    rows(rows, columns, empty) {
      if (options.json) writeJson(rows);
      else if (rows.length === 0 && isTerminal) stream.write(`${empty}\n`);
      else stream.write(formatTable(rows, columns, output));
    },
    bold: paint(1),
    red: paint(31),
  };
  return output;
}
