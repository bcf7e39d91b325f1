import type { Solution } from "../personalize/solutions.ts";
import type { DatabaseConnection } from "./database.ts";

/** What the application remembers of itself beside its tables. */
export interface Facts {
  /** By how many whole weeks the dates of the sample orders were moved, so that the newest is of now. */
  sample: { readonly weeksMoved: number; readonly orders: number; readonly lines: number };
  /** The place in the company's API up to which orders were fetched. */
  companyOrders: { readonly after: string };
  /** Of the event tracker that a training has made. */
  tracker: { readonly trackingId: string; readonly eventTrackerArn: string };
  /** ARNs of the campaigns that answer. */
  campaigns: Readonly<Record<Solution, string>>;
  /** Of the group in which versions are judged: the versions that stand for those that are live. */
  twins: Readonly<Partial<Record<Solution, string>>>;
}

export async function readFact<Name extends keyof Facts>(
  database: DatabaseConnection,
  name: Name,
): Promise<Facts[Name] | undefined> {
  const [row] = await database.query<{ value: Facts[Name] }>(
    "select value from recommendations.facts where name = $1",
    [name],
  );
  return row?.value;
}

export async function writeFact<Name extends keyof Facts>(
  database: DatabaseConnection,
  name: Name,
  value: Facts[Name],
): Promise<void> {
  await database.query(
    "insert into recommendations.facts (name, value) values ($1, $2::jsonb) on conflict (name) do update set value = excluded.value",
    [name, JSON.stringify(value)],
  );
}
