import { startRecommendations } from "./start-recommendations.ts";

/** The application alone, until it is interrupted: settings from the environment, RECOMMENDATIONS_DATABASE_URL among them. */
const port = Number(process.env.PORT?.trim() || 8010);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  throw new Error(`PORT is "${process.env.PORT}". It should be a number from 0 to 65535.`);
}
const host = process.env.HOST?.trim() || "127.0.0.1";
const shop = await startRecommendations({ environment: process.env, host, port });
process.stdout.write(`sync-service listens on ${shop.syncUrl}, the API and the shop's page are on ${shop.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void shop.close());
