export { bodiesSuite } from "../objects/testing/bodies-suite.ts";
export { openTestSql } from "./open-test-sql.ts";
