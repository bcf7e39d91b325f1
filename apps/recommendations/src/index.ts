export type { Database, DatabaseConnection } from "./database/database.ts";
export type { RecommendationsCheck } from "./doctor/diagnose.ts";
export { type DiagnosisOptions, diagnoseRecommendations } from "./doctor/diagnose-recommendations.ts";
export { type FirstStartProgress, followFirstStart } from "./follow-first-start.ts";
export { type Recommendations, type RecommendationsOptions, startRecommendations } from "./start-recommendations.ts";
