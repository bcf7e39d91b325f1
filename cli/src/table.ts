import type { Output } from "./output.ts";

/** A column: its title, and what a row has in it. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | Date | undefined;
  readonly align?: "right";
}

const GAP = "  ";

/** `2026-11-21 14:03:27`, UTC. */
export function formatTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}

function cellText(value: string | number | Date | undefined): string {
  if (value instanceof Date) return formatTime(value);
  return value === undefined ? "" : String(value);
}

/** Facts about one thing, a line each, aligned; those that are unknown are left out. Times are UTC. */
export function formatFacts(facts: readonly (readonly [string, string | number | Date | undefined])[]): string {
  const known = facts.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(...known.map(([name]) => name.length));
  return known
    .map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}${value instanceof Date ? " UTC" : ""}`)
    .join("\n");
}

/** Aligned columns under titles on a terminal; elsewhere tab-separated, without colours, for cut and awk. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], output: Output): string {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map(({ value }) => cellText(value(row)).replace(/[\t\r\n]+/g, " ")));
  if (!output.isTerminal) return [titles, ...cells].map((line) => `${line.join("\t")}\n`).join("");
  const widths = columns.map((_, index) => Math.max(...[titles, ...cells].map((line) => line[index]?.length ?? 0)));
  const pad = (line: readonly string[]) =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [output.bold(pad(titles)), ...cells.map(pad)].map((line) => `${line}\n`).join("");
}
