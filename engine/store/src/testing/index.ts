export { bodiesSuite } from "../objects/testing/bodies-suite.ts";
export { emptyDatabase } from "./empty-database.ts";
export { openTestSql } from "./open-test-sql.ts";
