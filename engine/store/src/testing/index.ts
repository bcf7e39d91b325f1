export { openTestSql } from "./open-test-sql.ts";
