import type { Database } from "../database/database.ts";
import { openDatabase } from "../database/open-database.ts";
import { readSettings } from "../settings.ts";
import { diagnose, type RecommendationsCheck } from "./diagnose.ts";

export interface DiagnosisOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: the one of RECOMMENDATIONS_DATABASE_URL. */
  readonly database?: Database | undefined;
}

/** What `rondo doctor recommendations` says, whether the application runs or not: it looks at the tables alone. */
export async function diagnoseRecommendations({
  environment = {},
  database,
}: DiagnosisOptions): Promise<RecommendationsCheck[]> {
  const settings = readSettings(environment);
  const own = settings.databaseUrl === undefined ? undefined : openDatabase(settings.databaseUrl);
  const asked = own ?? database;
  if (asked === undefined) {
    const advice = "Set RECOMMENDATIONS_DATABASE_URL, or start `rondo start` once, which has a database.";
    return [{ name: "database", state: "error", detail: "There is no database to look at.", advice }];
  }
  try {
    const [found] = await asked.query<{ there: boolean }>(
      "select to_regclass('recommendations.order_items') is not null as there",
    );
    if (found?.there !== true) {
      const advice = "The first start of the application makes them.";
      return [{ name: "database", state: "warning", detail: "The tables of recommendations are not there.", advice }];
    }
    return await diagnose({ database: asked, settings, clock: { now: () => new Date() } });
  } finally {
    await own?.[Symbol.asyncDispose]();
  }
}
