import { openContext } from "../application-context.ts";
import { readPort, readSettings } from "../settings.ts";
import { type ServiceDefinition, startService } from "./start-service.ts";

/** Runs one service as a program of its own until it is interrupted: settings from the environment. */
export async function runAlone(definition: ServiceDefinition): Promise<void> {
  const settings = readSettings(process.env);
  const port = readPort(process.env, definition.port);
  const context = openContext(settings);
  const service = await startService(definition, context, { host: settings.host, port, portSetting: "PORT" });
  process.stdout.write(`${service.name} listens on ${service.url}, its OpenAPI page is ${service.url}/docs\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void service.close().finally(() => context[Symbol.dispose]()));
  }
}
