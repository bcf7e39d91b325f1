import type { Clock } from "../clock.ts";
import type { Sql } from "../sql.ts";
import type { Bodies } from "./bodies.ts";
import type { BodyReader } from "./body-reader.ts";
import type { SweepResult } from "./objects.ts";

/** Ids looked up in one statement. */
const BATCH = 500;

export interface SweepOptions {
  readonly sql: Sql;
  readonly bodies: Bodies;
  readonly reader: BodyReader;
  readonly clock: Clock;
  /** How long a discarded body is kept for readers in other processes; those of this one are known. */
  readonly graceMs: number;
  /** How old a body without a row must be: its row is written right after the body. */
  readonly orphanAgeMs: number;
}

/** Removes the bodies that no row refers to. */
export async function sweepBodies(options: SweepOptions): Promise<SweepResult> {
  const orphans = await condemnOrphans(options);
  return { discarded: (await removeDiscarded(options)) - orphans, orphans };
}

/**
 * Gives each body without a row a discarded one. Should its object be written after all, that write fails on the discarded row instead of
 * referring to a body that is about to vanish.
 */
async function condemnOrphans({ sql, bodies, clock, orphanAgeMs, graceMs }: SweepOptions): Promise<number> {
  let orphans = 0;
  const condemn = async (ids: readonly string[]): Promise<void> => {
    const rows = await sql.query(
      `insert into object_body (id, uses, discarded_at)
       select id, 0, clock_timestamp() - make_interval(secs => $2) from unnest($1::text[]) as id
       on conflict (id) do nothing returning id`,
      [ids, graceMs / 1000],
    );
    orphans += rows.length;
  };
  let batch: string[] = [];
  for await (const id of bodies.list(new Date(clock.now().getTime() - orphanAgeMs))) {
    batch.push(id);
    if (batch.length < BATCH) continue;
    await condemn(batch);
    batch = [];
  }
  if (batch.length > 0) await condemn(batch);
  return orphans;
}

async function removeDiscarded({ sql, bodies, reader, graceMs }: SweepOptions): Promise<number> {
  let removed = 0;
  let after = "";
  for (;;) {
    const rows = await sql.query<{ id: string }>(
      `select id from object_body
       where discarded_at <= clock_timestamp() - make_interval(secs => $1) and id > $2 order by id limit $3`,
      [graceMs / 1000, after, BATCH],
    );
    const last = rows.at(-1);
    if (last === undefined) return removed;
    after = last.id;
    const ids = rows.map((row) => row.id).filter((id) => !reader.isBeingRead(id));
    for (const id of ids) await bodies.remove(id);
    await sql.query("delete from object_body where id = any ($1::text[])", [ids]);
    removed += ids.length;
  }
}
