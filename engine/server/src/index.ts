export { type Check, type Diagnosis, diagnose } from "./diagnose.ts";
export { listServices } from "./list-services.ts";
export { openDatabase } from "./open-database.ts";
export { type RunningServer, type ServerDependencies, startServer } from "./start-server.ts";
