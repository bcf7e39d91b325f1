import type { Clock } from "./clock.ts";
import type { Sql } from "./sql.ts";

/** A Rondo that was not heard of for so long is taken for gone, and what lies on its home's disk for lost. */
export const PLACE_SILENCE_MS = 60_000;
/** Places that were not heard of for so long are forgotten. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** Notes that the Rondo of a home is alive. To be repeated well within `PLACE_SILENCE_MS` where several Rondos share a database. */
export async function notePlace(sql: Sql, clock: Clock, place: string): Promise<void> {
  const now = clock.now();
  await sql.query(
    "insert into place (id, seen_at) values ($1, $2) on conflict (id) do update set seen_at = excluded.seen_at",
    [place, now],
    { name: "place-note" },
  );
  await sql.query("delete from place where seen_at < $1", [new Date(now.getTime() - FORGOTTEN_MS)], {
    name: "place-forget",
  });
}
