import type { CsvFile } from "./csv-header.ts";
import { type DuckDb, identifier, literal } from "./duckdb.ts";
import type { ImportReport, Refusal, RefusedRow } from "./import-report.ts";
import { locateRecords } from "./locate-records.ts";
import type { ValueCheck } from "./value-checks.ts";

export interface RefusalQuery {
  readonly files: readonly CsvFile[];
  readonly checks: readonly ValueCheck[];
  readonly signal?: AbortSignal | undefined;
}

const EXAMPLES = 5;
const MAX_VALUE = 200;

/** Why DuckDB could not read a line. */
const UNREADABLE: Readonly<Record<string, string>> = {
  "MISSING COLUMNS": "has too few columns",
  "TOO MANY COLUMNS": "has too many columns",
  "UNQUOTED VALUE": "has a quote that is not closed, or goes on after one: what follows may not have been read",
  "LINE SIZE OVER MAXIMUM": "is longer than 2,000,000 bytes",
  "INVALID ENCODING": "is not UTF-8",
};

/** A refused row, found by the number of its record, or by its place among those of its file that could be read. */
interface Finding {
  readonly kind: string;
  readonly file: string;
  readonly record: number | null;
  readonly place: number | null;
  readonly value: string | null;
}

/** Counts what the tables `refused_value` and `reject_errors` hold, and looks up the lines of the first examples. */
export async function findRefusals(database: DuckDb, query: RefusalQuery): Promise<ImportReport> {
  // A line may have several errors; the first one counts.
  await database.run(
    `create temp table unreadable as select * from
       (select file_path as file, line as record, min_by(error_type, error_id) as kind, min_by(csv_line, error_id) as value
        from (select *, row_number() over () as error_id from reject_errors join reject_scans using (scan_id, file_id))
        group by all)`,
  );
  const counts = await database.rows<{ kind: string; count: number }>(
    `select "check"::VARCHAR as kind, count(*)::DOUBLE as count from refused_value group by 1
     union all select kind, count(*)::DOUBLE from unreadable group by 1 order by 2 desc, 1`,
  );
  const [{ rows }] = await database.rows<{ rows: number }>("select count(*)::DOUBLE as rows from text_row");
  const examples = counts.length === 0 ? new Map<string, RefusedRow[]>() : await findExamples(database, query);
  const refusals = counts.map(({ kind, count }): Refusal => {
    const check = query.checks[Number(kind)];
    const found = { count, examples: examples.get(kind) ?? [] };
    if (check !== undefined) return { column: check.column, reason: check.reason, ...found };
    return { reason: UNREADABLE[kind] ?? `cannot be read (${kind.toLowerCase()})`, ...found };
  });
  const refused = counts.reduce((sum, { count }) => sum + count, 0);
  const [{ values }] = await database.rows<{ values: number }>("select count(*)::DOUBLE as values from refused_value");
  return { rows: rows - values, refused, refusals };
}

async function findExamples(
  database: DuckDb,
  { files, checks, signal }: RefusalQuery,
): Promise<Map<string, RefusedRow[]>> {
  const examples = new Map<string, RefusedRow[]>();
  for (const { path, name } of files) {
    const findings = await findFindings(database, path, checks);
    const lines = await linesOf(database, { path, findings, signal });
    for (const [index, { kind, value }] of findings.entries()) {
      const ofKind = examples.get(kind) ?? [];
      const text = value === null ? {} : { value: value.trim().slice(0, MAX_VALUE) };
      if (ofKind.length < EXAMPLES) ofKind.push({ file: name, line: lines[index], ...text });
      examples.set(kind, ofKind);
    }
  }
  return examples;
}

/** The first findings of each kind in a file. */
async function findFindings(database: DuckDb, path: string, checks: readonly ValueCheck[]): Promise<Finding[]> {
  const file = literal(path);
  const values = checks.map(({ column }, index) => `when ${index} then ${identifier(column)}`).join(" ");
  return await database.rows<Finding>(
    `select kind, record, place, value from (
       select "check"::VARCHAR as kind, null::DOUBLE as record,
         (text_row.rowid - (select min(rowid) from text_row where "#file" = ${file}))::DOUBLE as place,
         case "check" ${values} end as value
       from refused_value join text_row on text_row.rowid = refused_value."row" where "#file" = ${file}
       union all select kind, record::DOUBLE, null::DOUBLE, value from unreadable where file = ${file})
     qualify row_number() over (partition by kind order by coalesce(record, place)) <= ${EXAMPLES}
     order by coalesce(record, place)`,
  );
}

/** In which line of the file each finding is. */
async function linesOf(
  database: DuckDb,
  {
    path,
    findings,
    signal,
  }: { readonly path: string; readonly findings: readonly Finding[]; readonly signal?: AbortSignal | undefined },
): Promise<number[]> {
  const unreadable = new Set(
    (
      await database.rows<{ record: number }>(
        `select record::DOUBLE as record from unreadable where file = ${literal(path)}`,
      )
    ).map(({ record }) => record),
  );
  const lines = findings.map(() => 0);
  const byRecord = new Map(
    findings.flatMap(({ record }, index) => (record === null ? [] : [[record, index] as const])),
  );
  const byPlace = new Map(findings.flatMap(({ place }, index) => (place === null ? [] : [[place, index] as const])));
  // The header is the record before the first row.
  let place = -1;
  let left = byRecord.size + byPlace.size;
  await locateRecords(
    path,
    ({ number, line, isBlank }) => {
      const isRow = !isBlank && !unreadable.has(number);
      const found = isRow ? byPlace.get(place) : byRecord.get(number);
      if (isRow) place += 1;
      if (found !== undefined) {
        lines[found] = line;
        left -= 1;
      }
      return left > 0;
    },
    signal,
  );
  return lines;
}
