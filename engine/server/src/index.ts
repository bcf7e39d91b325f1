export { type RunningServer, type ServerDependencies, startServer } from "./start-server.ts";
